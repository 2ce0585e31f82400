#include "document/pdf.h"

#include <cairo-pdf.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

namespace candor {
namespace {

// Points, 1/72 inch.
constexpr double kWidth = 595.276;  // A4
constexpr double kHeight = 841.89;
constexpr double kMargin = 56;
constexpr double kBottom = kHeight - 64;
constexpr double kTextWidth = kWidth - 2 * kMargin;
constexpr double kCellPadding = 4;
constexpr double kBullet = 14;
constexpr double kLeastColumn = 46;

struct Unref {
  void operator()(cairo_surface_t* one) const { cairo_surface_destroy(one); }
  void operator()(cairo_t* one) const { cairo_destroy(one); }
  void operator()(PangoFontMap* one) const { g_object_unref(one); }
  void operator()(PangoContext* one) const { g_object_unref(one); }
  void operator()(PangoLayout* one) const { g_object_unref(one); }
  void operator()(PangoFontDescription* one) const { pango_font_description_free(one); }
  void operator()(PangoLayoutIter* one) const { pango_layout_iter_free(one); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

struct Style {
  double size;
  bool bold = false;
  double above = 0;  // empty space before it
};
constexpr Style kTitle{.size = 20, .bold = true, .above = 0};
constexpr Style kText{.size = 9.5, .bold = false, .above = 6};
constexpr Style kPoint{.size = 9.5, .bold = false, .above = 2};
constexpr Style kCell{.size = 8.5};
constexpr Style kHead{.size = 8.5, .bold = true};
constexpr Style kFoot{.size = 7.5};
Style heading_style(int level) {
  if (level == 1) return {.size = 14, .bold = true, .above = 18};
  return {.size = level == 2 ? 11.5 : 10, .bold = true, .above = 11};
}

cairo_status_t append_to(void* text, const unsigned char* bytes, unsigned int length) {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), length);
  return CAIRO_STATUS_SUCCESS;
}

// A text laid out to a width, line by line, so that it can end on another page.
class Laid {
 public:
  Laid(PangoContext* context, std::string_view text, const Style& style, double width)
      : layout_(pango_layout_new(context)) {
    const Owned<PangoFontDescription> font(pango_font_description_new());
    pango_font_description_set_family_static(font.get(), "DejaVu Sans");
    pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
    pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout_.get(), font.get());
    pango_layout_set_width(layout_.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_auto_dir(layout_.get(), FALSE);  // what somebody typed does not turn the line it stands in
    pango_layout_set_text(layout_.get(), text.data(), static_cast<int>(text.size()));
    const Owned<PangoLayoutIter> each(pango_layout_get_iter(layout_.get()));
    do {
      PangoRectangle area;
      pango_layout_iter_get_line_extents(each.get(), nullptr, &area);
      lines_.push_back({.line = pango_layout_iter_get_line_readonly(each.get()),
                        .height = pango_units_to_double(area.height),
                        .ascent = pango_units_to_double(pango_layout_iter_get_baseline(each.get()) - area.y)});
    } while (pango_layout_iter_next_line(each.get()) != FALSE);
  }

  bool done() const { return next_ == lines_.size(); }
  // Of the lines that are not drawn yet, how high those are that fit into `room`.
  double fitting(double room) const {
    double height = 0;
    for (std::size_t i = next_; i < lines_.size() && height + lines_[i].height <= room; ++i) height += lines_[i].height;
    return height;
  }
  double next_height() const { return done() ? 0 : lines_[next_].height; }
  double natural_width() const {
    int width = 0;
    pango_layout_get_size(layout_.get(), &width, nullptr);
    return pango_units_to_double(width);
  }
  // Draws what fits; the rest comes with the next call.
  void draw(cairo_t* canvas, double x, double y, double room) {
    double height = 0;
    for (; next_ < lines_.size() && height + lines_[next_].height <= room; ++next_) {
      cairo_move_to(canvas, x, y + height + lines_[next_].ascent);
      pango_cairo_show_layout_line(canvas, lines_[next_].line);
      height += lines_[next_].height;
    }
  }

 private:
  struct Line {
    PangoLayoutLine* line;  // of layout_
    double height;
    double ascent;
  };
  Owned<PangoLayout> layout_;
  std::vector<Line> lines_;
  std::size_t next_ = 0;
};

// What is between has that tag of the file's structure.
class Tag {
 public:
  Tag(cairo_t* canvas, const char* name) : canvas_(canvas), name_(name) { cairo_tag_begin(canvas_, name_, nullptr); }
  ~Tag() { cairo_tag_end(canvas_, name_); }
  Tag(const Tag&) = delete;
  Tag& operator=(const Tag&) = delete;

 private:
  cairo_t* canvas_;
  const char* name_;
};

class PdfWriter {
 public:
  // `pages`: how many there will be, 0 while that is to be found out.
  PdfWriter(const TextDocument& document, const PdfOptions& options, int pages)
      : document_(document),
        options_(options),
        pages_(pages),
        surface_(cairo_pdf_surface_create_for_stream(append_to, &bytes_, kWidth, kHeight)),
        canvas_(cairo_create(surface_.get())),
        fonts_(pango_cairo_font_map_new()),
        context_(pango_font_map_create_context(fonts_.get())) {
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts_.get()), 72);
    pango_context_set_base_dir(context_.get(), PANGO_DIRECTION_LTR);
    pango_context_set_language(context_.get(), pango_language_from_string(document.language.c_str()));
    pango_context_set_round_glyph_positions(context_.get(), FALSE);
    const std::string made = format_time(options.made_at);
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, document.title.c_str());
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATOR, "Candor");
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_SUBJECT, options.foot.c_str());
    // Else the library would name the moment it runs: two files of one document would differ.
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, (made.substr(0, 19) + "Z").c_str());
  }

  Result<int> write() {
    {
      const Tag whole(canvas_.get(), "Document");
      text(document_.title, kTitle, "H1", 0);
      for (const Block& block : document_.blocks) {
        if (page_ > kMostPdfPages) return fail("document.too_long", "the document is too long for a PDF file");
        add(block);
      }
    }
    finish_page();
    cairo_surface_finish(surface_.get());
    const cairo_status_t status = cairo_surface_status(surface_.get());
    if (status != CAIRO_STATUS_SUCCESS)
      return fail("document.pdf", std::string("the PDF file could not be written: ") + cairo_status_to_string(status));
    return page_;
  }
  std::string take() { return std::move(bytes_); }

 private:
  void finish_page() {
    const std::string number = pages_ == 0 ? "" : fmt::format("{} {} {} {}", options_.page, page_, options_.of, pages_);
    Laid left(context_.get(), options_.foot, kFoot, kTextWidth - 90);
    Laid right(context_.get(), number, kFoot, 90);
    left.draw(canvas_.get(), kMargin, kBottom + 14, 30);
    right.draw(canvas_.get(), kMargin + kTextWidth - right.natural_width(), kBottom + 14, 30);
    cairo_show_page(canvas_.get());
  }
  void next_page() {
    finish_page();
    ++page_;
    y_ = kMargin;
  }
  double room() const { return kBottom - y_; }

  // Lines of one block: what does not fit goes on overleaf, under the same kind of tag.
  void text(std::string_view words, const Style& style, const char* tag, double indent) {
    Laid laid(context_.get(), words, style, kTextWidth - indent);
    const bool first_of_page = y_ == kMargin;
    if (!first_of_page) y_ += style.above;
    while (!laid.done() && page_ <= kMostPdfPages) {
      if (laid.next_height() > room()) next_page();
      const double height = laid.fitting(room());
      const Tag part(canvas_.get(), tag);
      laid.draw(canvas_.get(), kMargin + indent, y_, room());
      y_ += height;
    }
  }

  void add(const Block& block) {
    switch (block.kind) {
      case Block::Kind::heading:
        return add_heading(block);
      case Block::Kind::paragraph:
        return text(block.text, kText, "P", 0);
      case Block::Kind::points:
        return add_points(block);
      case Block::Kind::table:
        return add_table(block);
    }
  }

  void add_heading(const Block& block) {
    constexpr double kWithWhatFollows = 60;  // no heading stands alone at the foot of a page
    const Style style = heading_style(block.level);
    if (room() < style.above + style.size + kWithWhatFollows) next_page();
    const std::string at = fmt::format("page={} pos=[{} {}]", page_, kMargin, y_);
    cairo_pdf_surface_add_outline(surface_.get(), CAIRO_PDF_OUTLINE_ROOT, block.text.c_str(), at.c_str(),
                                  CAIRO_PDF_OUTLINE_FLAG_OPEN);
    text(block.text, style, block.level == 1 ? "H2" : block.level == 2 ? "H3" : "H4", 0);
    y_ += 3;
  }

  void add_points(const Block& block) {
    const Tag list(canvas_.get(), "L");
    for (const std::string& point : block.cells) {
      Laid laid(context_.get(), point, kPoint, kTextWidth - kBullet);
      y_ += kPoint.above;
      const Tag item(canvas_.get(), "LI");
      bool first = true;
      while (!laid.done() && page_ <= kMostPdfPages) {
        if (laid.next_height() > room()) next_page();
        const double height = laid.fitting(room());
        if (first) {
          const Tag label(canvas_.get(), "Lbl");
          Laid bullet(context_.get(), "•", kPoint, kBullet);
          bullet.draw(canvas_.get(), kMargin + 3, y_, room());
        }
        first = false;
        const Tag body(canvas_.get(), "LBody");
        laid.draw(canvas_.get(), kMargin + kBullet, y_, room());
        y_ += height;
      }
    }
  }

  // Shares the width by what the columns would take on one line each.
  std::vector<double> widths(const Block& block) const {
    constexpr double kWidestWish = 220;
    const std::size_t columns = block.cells.empty() ? 2 : block.cells.size();
    std::vector<double> wishes(columns, kLeastColumn);
    const auto wish = [&](const std::vector<std::string>& row, const Style& style) {
      for (std::size_t i = 0; i < std::min(row.size(), columns); ++i) {
        const Laid laid(context_.get(), row[i], style, kWidestWish);
        wishes[i] = std::max(wishes[i], std::min(laid.natural_width() + 3 * kCellPadding, kWidestWish));
      }
    };
    wish(block.cells, kHead);
    for (const auto& row : block.rows) wish(row, kCell);
    double sum = 0;
    for (const double one : wishes) sum += one;
    for (double& one : wishes) one *= kTextWidth / sum;
    return wishes;
  }

  void row(const std::vector<std::string>& cells, const std::vector<double>& columns, const Block& block, bool head) {
    std::vector<Laid> laid;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      laid.emplace_back(context_.get(), i < cells.size() ? cells[i] : std::string(), head || i == 0 ? kHead : kCell,
                        columns[i] - 2 * kCellPadding);
    }
    const auto whole = [&] {
      double height = 0;
      for (const Laid& one : laid) height = std::max(height, one.fitting(kHeight));
      return height + 2 * kCellPadding;
    };
    // A row that fits a page is not torn; a longer one goes on overleaf.
    if (whole() > room() && (whole() <= kBottom - kMargin - 40 || room() < 60)) turn(block, columns, head);
    const auto left = [&] { return std::ranges::any_of(laid, [](const Laid& one) { return !one.done(); }); };
    while (page_ <= kMostPdfPages) {
      const double space = room() - 2 * kCellPadding;
      double height = 0;
      for (const Laid& one : laid) height = std::max(height, one.fitting(space));
      draw_row(laid, columns, height, space, head);
      if (!left()) return;
      turn(block, columns, head);
    }
  }
  void draw_row(std::vector<Laid>& laid, const std::vector<double>& columns, double height, double space, bool head) {
    const double bottom = y_ + height + 2 * kCellPadding;
    if (head) {
      cairo_set_source_rgb(canvas_.get(), 0.93, 0.94, 0.96);
      cairo_rectangle(canvas_.get(), kMargin, y_, kTextWidth, bottom - y_);
      cairo_fill(canvas_.get());
    }
    cairo_set_source_rgb(canvas_.get(), 0.7, 0.7, 0.7);
    cairo_set_line_width(canvas_.get(), 0.5);
    cairo_move_to(canvas_.get(), kMargin, bottom);
    cairo_line_to(canvas_.get(), kMargin + kTextWidth, bottom);
    cairo_stroke(canvas_.get());
    cairo_set_source_rgb(canvas_.get(), 0, 0, 0);
    const Tag line(canvas_.get(), "TR");
    double x = kMargin;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const Tag cell(canvas_.get(), head || i == 0 ? "TH" : "TD");
      laid[i].draw(canvas_.get(), x + kCellPadding, y_ + kCellPadding, space);
      x += columns[i];
    }
    y_ = bottom;
  }
  // Overleaf, under the table's head again.
  void turn(const Block& block, const std::vector<double>& columns, bool in_head) {
    next_page();
    if (!in_head && !block.cells.empty()) row(block.cells, columns, block, true);
  }

  void add_table(const Block& block) {
    const std::vector<double> columns = widths(block);
    y_ += kText.above;
    const Tag whole(canvas_.get(), "Table");
    if (!block.cells.empty()) row(block.cells, columns, block, true);
    for (const auto& cells : block.rows) row(cells, columns, block, false);
    y_ += 4;
  }

  const TextDocument& document_;
  const PdfOptions& options_;
  const int pages_;
  std::string bytes_;  // before the surface, which writes to it until it is gone
  Owned<cairo_surface_t> surface_;
  Owned<cairo_t> canvas_;
  Owned<PangoFontMap> fonts_;
  Owned<PangoContext> context_;
  int page_ = 1;
  double y_ = kMargin;
};

// What the library may be given: no byte that is not UTF-8, nothing that turns the line.
TextDocument with_plain_lines(TextDocument document) {
  document.title = plain_line(document.title);
  for (Block& block : document.blocks) {
    block.text = plain_line(block.text);
    for (std::string& cell : block.cells) cell = plain_line(cell);
    for (auto& row : block.rows) {
      for (std::string& cell : row) cell = plain_line(cell);
    }
  }
  return document;
}

}  // namespace

Result<std::string> to_pdf(const TextDocument& document, const PdfOptions& options) {
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  const TextDocument plain = with_plain_lines(document);
  PdfOptions shown = options;
  shown.foot = plain_line(options.foot);
  CANDOR_TRY(const int pages, PdfWriter(plain, shown, 0).write());
  PdfWriter writer(plain, shown, pages);
  CANDOR_TRY_VOID(writer.write());
  return writer.take();
}

}  // namespace candor
