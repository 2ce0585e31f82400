#include "simulator/script.h"

#include <algorithm>

namespace candor {

void Script::at(Day day, int minute, bool night) {
  now_ = local_instant(person(), day, minute, random_.between(0, 59));
  night_ = night;
}

void Script::wait(int low_seconds, int high_seconds) {
  now_ += TimePoint{random_.between(low_seconds, high_seconds)} * kMicrosPerSecond;
}

Act& Script::act(Kind kind) {
  Act act;
  act.time = now_;
  act.seed = random_.next();
  act.actor = person_;
  act.kind = kind;
  act.site = person().site;
  act.night = night_;
  act.outsider = outsider_;
  acts_.push_back(act);
  wait(2, 25);
  return acts_.back();
}

Act& Script::act_on(Kind kind, DocumentRef document) {
  Act& done = act(kind);
  done.site = document.site;
  done.file = document.file;
  return done;
}

std::vector<DocumentRef> Script::choose(std::uint32_t site, int count, std::uint8_t lowest_label,
                                        std::uint8_t highest_label) {
  const std::uint32_t files = file_count(organisation_, site);
  const std::uint32_t begin = random_.below(files);
  std::vector<DocumentRef> chosen;
  for (std::uint32_t i = 0; i < files && static_cast<int>(chosen.size()) < count; ++i) {
    const std::uint32_t file = (begin + i) % files;
    const std::uint8_t label = document_label(organisation_, site, file);
    if (label >= lowest_label && label <= highest_label) chosen.push_back({site, file});
  }
  return chosen;
}

void Script::each(Kind kind, const std::vector<DocumentRef>& documents, int low_seconds, int high_seconds) {
  for (const DocumentRef& document : documents) {
    act_on(kind, document);
    wait(low_seconds, high_seconds);
  }
}

void Script::copy_to_media(const std::vector<DocumentRef>& documents, Disguise disguise, std::uint64_t medium) {
  act(Kind::device_usb_mounted).thread = medium;
  wait(10, 60);
  for (const DocumentRef& document : documents) {
    Act& copied = act_on(Kind::device_usb_copied, document);
    copied.thread = medium;
    copied.disguise = disguise;
  }
  wait(20, 90);
  act(Kind::device_usb_unmounted).thread = medium;
}

void Script::upload(const std::vector<DocumentRef>& documents, Target target, std::uint32_t which) {
  for (const DocumentRef& document : documents) {
    Act& uploaded = act_on(Kind::device_cloud_upload, document);
    uploaded.target_kind = target;
    uploaded.target = which;
  }
}

void Script::archive_and_upload(const std::vector<DocumentRef>& documents, Target target, std::uint32_t which) {
  constexpr std::size_t kInArchive = 25;
  for (std::size_t begin = 0; begin < documents.size(); begin += kInArchive) {
    const std::uint64_t thread = random_.next() | 1;
    const std::size_t end = std::min(documents.size(), begin + kInArchive);
    for (std::size_t i = begin; i < end; ++i) act_on(Kind::device_file_archived, documents[i]).thread = thread;
    Act& archive = act_on(Kind::device_archive_created, documents[begin]);
    archive.thread = thread;
    archive.disguise = Disguise::archive;
    wait(20, 120);
    Act& uploaded = act_on(Kind::device_cloud_upload, documents[begin]);
    uploaded.thread = thread;
    uploaded.disguise = Disguise::archive;
    uploaded.target_kind = target;
    uploaded.target = which;
  }
}

std::vector<std::uint64_t> Script::mail(const std::vector<DocumentRef>& documents, Target target, std::uint32_t which,
                                        Disguise disguise) {
  std::vector<std::uint64_t> threads;
  for (std::size_t i = 0; i < documents.size();) {
    // Attachments are neighbours on the site, so a mail takes as many as follow each other.
    std::size_t end = i + 1;
    const std::size_t most = i + static_cast<std::size_t>(random_.between(1, 5));
    while (end < documents.size() && end < most && documents[end].site == documents[i].site &&
           documents[end].file == documents[end - 1].file + 1) {
      ++end;
    }
    Act& sent = act_on(Kind::mail_sent, documents[i]);
    sent.amount = static_cast<std::uint16_t>(end - i);
    sent.target_kind = target;
    sent.target = which;
    sent.disguise = disguise;
    sent.thread = random_.next() | 1;
    threads.push_back(sent.thread);
    wait(20, 240);
    i = end;
  }
  return threads;
}

}  // namespace candor
