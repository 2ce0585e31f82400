#include "app/control.h"

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "app/command.h"
#include "app/io.h"
#include "base/ids.h"

namespace candor {
namespace {

// A command line, not data; more than Linux lets a process have.
constexpr std::size_t kMaxMessage = std::size_t{32} << 20;

// A unix socket address holds 107 bytes; a longer path is reached through the folder's descriptor.
class Address {
 public:
  explicit Address(const std::filesystem::path& folder)
      : folder_(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    address_.sun_family = AF_UNIX;
    const std::string path = "/proc/self/fd/" + std::to_string(folder_) + "/control.sock";
    std::memcpy(address_.sun_path, path.data(), path.size());
  }
  Address(const Address&) = delete;
  Address& operator=(const Address&) = delete;
  ~Address() {
    if (folder_ >= 0) ::close(folder_);
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  static socklen_t size() { return sizeof(sockaddr_un); }

 private:
  int folder_;
  sockaddr_un address_{};
};

std::string login_name(uid_t user) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) return found->pw_name;
  return "uid " + std::to_string(user);
}

bool send_message(int socket, const std::string& text, const std::array<int, 3>& descriptors) {
  std::array<char, CMSG_SPACE(sizeof(int) * 3)> control{};
  const auto size = static_cast<std::uint32_t>(text.size());
  std::array<iovec, 1> part{{{const_cast<std::uint32_t*>(&size), sizeof size}}};
  msghdr message{};
  message.msg_iov = part.data();
  message.msg_iovlen = part.size();
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int) * 3);
  std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof(int) * 3);
  return ::sendmsg(socket, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof size) && write_all(socket, text);
}

bool read_exactly(int descriptor, char* out, std::size_t size) {
  while (size > 0) {
    const ssize_t count = ::read(descriptor, out, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    out += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

// Until there is something to read; false when it was told to stop before, or nothing came for a long while. A client
// that connects and says nothing must not keep the folder from closing.
bool wait_for_bytes(int socket, const std::atomic<bool>& stopping) {
  constexpr int kPatience = 100;  // steps
  for (int step = 0; step < kPatience && !stopping; ++step) {
    pollfd state{.fd = socket, .events = POLLIN, .revents = 0};
    if (::poll(&state, 1, kLookMilliseconds) > 0) return true;
  }
  return false;
}

bool receive_exactly(int socket, char* out, std::size_t size, const std::atomic<bool>& stopping) {
  while (size > 0) {
    if (!wait_for_bytes(socket, stopping)) return false;
    const ssize_t count = ::recv(socket, out, size, MSG_DONTWAIT);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return false;
    out += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

// Descriptors that came with a message; closed with the object.
struct Received {
  std::array<int, 3> descriptors{-1, -1, -1};
  std::string text;
  Received() = default;
  Received(const Received&) = delete;
  Received& operator=(const Received&) = delete;
  ~Received() {
    for (const int descriptor : descriptors) {
      if (descriptor >= 0) ::close(descriptor);
    }
  }
};

bool receive_message(int socket, Received& received, const std::atomic<bool>& stopping) {
  if (!wait_for_bytes(socket, stopping)) return false;
  std::array<char, CMSG_SPACE(sizeof(int) * 3)> control{};
  std::uint32_t size = 0;
  iovec part{&size, sizeof size};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t count = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (count <= 0) return false;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS || header->cmsg_len > CMSG_LEN(sizeof(int) * 3)) {
    return false;
  }
  // Fewer than three are taken over all the same, so that they are closed.
  std::memcpy(received.descriptors.data(), CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
  const auto have = static_cast<std::size_t>(count);
  if (have < sizeof size &&
      !receive_exactly(socket, reinterpret_cast<char*>(&size) + have, sizeof size - have, stopping)) {
    return false;
  }
  if (received.descriptors.back() < 0 || size > kMaxMessage) return false;
  received.text.resize(size);
  return receive_exactly(socket, received.text.data(), size, stopping);
}

// Arguments and file names are bytes, not always UTF-8: as hexadecimal digits they pass through JSON as they are.
struct Request {
  std::vector<std::string> arguments;
  std::string folder;

  std::string text() const {
    nlohmann::json json = {{"arguments", nlohmann::json::array()}, {"folder", to_hex(folder)}};
    for (const std::string& argument : arguments) json["arguments"].push_back(to_hex(argument));
    return json.dump();
  }
  // nullopt for whatever is none: the socket hears everything this user runs.
  static std::optional<Request> parse(const std::string& text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto arguments = json.find("arguments");
    const auto folder = json.find("folder");
    if (arguments == json.end() || !arguments->is_array() || folder == json.end()) return std::nullopt;
    Request request;
    for (const auto& argument : *arguments) {
      auto bytes = bytes_of(argument);
      if (!bytes) return std::nullopt;
      request.arguments.push_back(std::move(*bytes));
    }
    auto bytes = bytes_of(*folder);
    if (!bytes) return std::nullopt;
    request.folder = std::move(*bytes);
    return request;
  }

 private:
  static std::optional<std::string> bytes_of(const nlohmann::json& json) {
    return json.is_string() ? from_hex(json.get_ref<const std::string&>()) : std::nullopt;
  }
};

// Waits for the exit code, and passes Ctrl-C on: the owner then ends the command at its next safe point, tells what
// came of it on our output, and answers.
std::optional<int> wait_for_code(int socket, const Io& io) {
  int code = 0;
  bool told = false;
  for (;;) {
    if (!told && io.cancelled()) {
      ::shutdown(socket, SHUT_WR);
      told = true;
    }
    pollfd state{.fd = socket, .events = POLLIN, .revents = 0};
    if (::poll(&state, 1, kLookMilliseconds) <= 0) continue;
    if (!read_exactly(socket, reinterpret_cast<char*>(&code), sizeof code)) return std::nullopt;
    return code;
  }
}

// The other end closed its side: the person pressed Ctrl-C, or the client was killed.
bool peer_is_gone(int socket) {
  pollfd state{.fd = socket, .events = POLLRDHUP, .revents = 0};
  return ::poll(&state, 1, 0) > 0 && (state.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

FolderLock::FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::optional<FolderLock>> FolderLock::take(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::create_directories(folder, error)) ::chmod(folder.c_str(), 0700);
  const int descriptor = error ? -1 : ::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return fail("app.folder_unusable", "the data folder " + folder.string() + " cannot be used: " +
                                           (error ? error.message() : std::string(std::strerror(errno))) +
                                           "; choose another with --data DIR");
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    return std::optional<FolderLock>{};
  }
  return std::optional<FolderLock>{FolderLock(descriptor)};
}

Result<int> hand_over(const std::filesystem::path& folder, const std::vector<std::string>& arguments, const Io& io) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const Address address(folder);
  if (socket < 0 || ::connect(socket, address.get(), Address::size()) != 0) {
    if (socket >= 0) ::close(socket);
    return fail("app.owner_not_serving",
                "another candor command is working on " + folder.string() + ": try again when it has ended");
  }
  const std::string request = Request{.arguments = arguments, .folder = io.folder.string()}.text();
  if (request.size() > kMaxMessage) {
    ::close(socket);
    return fail("app.too_many_arguments",
                "the command line is too long for the process that serves " + folder.string() +
                    ": name the folder the files are in instead of the files, or run the command in parts");
  }
  const bool sent = send_message(socket, request, {io.in, io.out, io.err});
  const std::optional<int> code = sent ? wait_for_code(socket, io) : std::nullopt;
  ::close(socket);
  if (!code) return fail("app.owner_gone", "the serving process ended before the command did: run it again");
  return *code;
}

ControlServer::ControlServer(int listener, std::filesystem::path path, Run run)
    : listener_(listener), path_(std::move(path)), run_(std::move(run)), thread_([this] { accept_loop(); }) {}

Result<std::unique_ptr<ControlServer>> ControlServer::start(const std::filesystem::path& folder, Run run) {
  const std::filesystem::path path = folder / "control.sock";
  std::error_code ignored;
  std::filesystem::remove(path, ignored);  // the folder's lock is ours: whoever made it is gone
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const Address address(folder);
  const mode_t before = ::umask(0177);
  const bool bound = listener >= 0 && ::bind(listener, address.get(), Address::size()) == 0;
  ::umask(before);
  if (!bound || ::listen(listener, 16) != 0) {
    const std::string why = std::strerror(errno);
    if (listener >= 0) ::close(listener);
    return fail("app.control_socket", "cannot listen on " + path.string() + ": " + why);
  }
  return std::unique_ptr<ControlServer>(new ControlServer(listener, path, std::move(run)));
}

ControlServer::~ControlServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
  commands_.clear();  // joins
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void ControlServer::accept_loop() {
  while (!stopping_) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno != EMFILE && errno != ENFILE && errno != ENOMEM) return;
      ::poll(nullptr, 0, kLookMilliseconds);  // too many files are open: some command will end
      continue;
    }
    commands_.remove_if([](const Command& command) { return command.ended.load(); });
    Command& command = commands_.emplace_back();
    command.thread = std::jthread([this, connection, &command] {
      serve(connection);
      ::close(connection);
      command.ended = true;
    });
  }
}

// One command that breaks must not take the pages, and everybody else's commands, with it.
int ControlServer::run_guarded(const std::vector<std::string>& arguments, const Io& io) const {
  try {
    return run_(arguments, io);
  } catch (const std::exception&) {
    // What it says may hold pieces of what was being read.
    return report(io, {"app.internal_error",
                       "the command broke off by a mistake of ours; what was acknowledged is "
                       "stored. Please tell the maintainers what you ran"});
  }
}

void ControlServer::serve(int connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return;
  if (peer.uid != ::geteuid() && peer.uid != 0) return;
  Received received;
  if (!receive_message(connection, received, stopping_)) return;
  const auto request = Request::parse(received.text);
  const Io io{.in = received.descriptors[0],
              .out = received.descriptors[1],
              .err = received.descriptors[2],
              .folder = request ? request->folder : "",
              .account = login_name(peer.uid),
              .cancelled = [this, connection] { return stopping_.load() || peer_is_gone(connection); }};
  const int code = request ? run_guarded(request->arguments, io)
                           : report(io, {"app.bad_request",
                                         "the request is none of this version of candor: use the "
                                         "same binary as the process that serves the folder"});
  write_all(connection, std::string_view(reinterpret_cast<const char*>(&code), sizeof code));
}

}  // namespace candor
