#include "simulator/names.h"

#include <array>
#include <utility>

namespace candor {
namespace {

using namespace std::string_view_literals;

constexpr std::array kGivenStarts = {"Al"sv, "Am"sv, "Ari"sv, "Be"sv,  "Ca"sv, "Che"sv, "Da"sv, "De"sv, "Ed"sv, "El"sv,
                                     "Em"sv, "Fe"sv, "Ga"sv,  "Gre"sv, "Ha"sv, "Hel"sv, "Il"sv, "In"sv, "Ja"sv, "Jo"sv,
                                     "Ka"sv, "Ki"sv, "La"sv,  "Le"sv,  "Lu"sv, "Ma"sv,  "Me"sv, "Mi"sv, "Na"sv, "No"sv,
                                     "Ol"sv, "Or"sv, "Pe"sv,  "Ra"sv,  "Ro"sv, "Sa"sv,  "Sö"sv, "Ta"sv, "Te"sv, "Tho"sv,
                                     "Ul"sv, "Va"sv, "Vi"sv,  "Wa"sv,  "We"sv, "Ya"sv,  "Yu"sv, "Ze"sv, "Zi"sv, "Zo"sv};
constexpr std::array kGivenEnds = {
    "bela"sv, "bert"sv, "dan"sv,  "dara"sv, "dina"sv, "drik"sv, "fina"sv, "gar"sv,  "jan"sv,  "kira"sv, "ko"sv,
    "lara"sv, "lea"sv,  "lian"sv, "lin"sv,  "lo"sv,   "lys"sv,  "mar"sv,  "mela"sv, "mira"sv, "mon"sv,  "nara"sv,
    "neth"sv, "nia"sv,  "noah"sv, "ran"sv,  "rell"sv, "ria"sv,  "rik"sv,  "rin"sv,  "ron"sv,  "san"sv,  "sha"sv,
    "sina"sv, "tara"sv, "theo"sv, "tia"sv,  "tomi"sv, "van"sv,  "vin"sv,  "wen"sv,  "yan"sv,  "zia"sv,  "né"sv};
constexpr std::array kFamilyStarts = {
    "Abe"sv,  "Alder"sv, "Ama"sv,   "Ash"sv,  "Bala"sv, "Berg"sv, "Bru"sv,  "Cal"sv,   "Cor"sv,  "Da"sv,  "Dor"sv,
    "Eber"sv, "Eke"sv,   "Fal"sv,   "Fen"sv,  "Gar"sv,  "Hal"sv,  "Haru"sv, "Hjel"sv,  "Ibe"sv,  "Jan"sv, "Kal"sv,
    "Kaze"sv, "Kow"sv,   "Lind"sv,  "Lor"sv,  "Mar"sv,  "Mbe"sv,  "Mont"sv, "Mül"sv,   "Naga"sv, "Nor"sv, "Oda"sv,
    "Oke"sv,  "Par"sv,   "Pra"sv,   "Quin"sv, "Rai"sv,  "Ros"sv,  "Sal"sv,  "Schön"sv, "Sel"sv,  "Sor"sv, "Tama"sv,
    "Thor"sv, "Tor"sv,   "Under"sv, "Va"sv,   "Ver"sv,  "Wal"sv,  "Win"sv,  "Yama"sv,  "Zal"sv,  "Zim"sv};
constexpr std::array kFamilyMiddles = {""sv, ""sv, ""sv, "a"sv, "en"sv, "el"sv, "i"sv, "ar"sv};
constexpr std::array kFamilyEnds = {
    "bach"sv, "berg"sv, "dal"sv,  "dez"sv,  "feld"sv, "ford"sv, "gaard"sv,  "hara"sv, "kar"sv,  "ker"sv,
    "kola"sv, "land"sv, "lund"sv, "man"sv,  "mäki"sv, "mura"sv, "nath"sv,   "ner"sv,  "nova"sv, "owicz"sv,
    "raj"sv,  "rera"sv, "rini"sv, "rova"sv, "sen"sv,  "shaw"sv, "singha"sv, "ski"sv,  "son"sv,  "stein"sv,
    "tani"sv, "tero"sv, "thi"sv,  "ton"sv,  "vale"sv, "ward"sv, "wen"sv,    "wood"sv, "yama"sv, "zaki"sv};

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kWrittenOut = {
    {{"ö", "oe"}, {"ü", "ue"}, {"ä", "ae"}, {"é", "e"}, {"ß", "ss"}}};

}  // namespace

std::string given_name(Random& random) {
  std::string name(random.pick(kGivenStarts));
  name += random.pick(kGivenEnds);
  return name;
}

std::string family_name(Random& random) {
  std::string name(random.pick(kFamilyStarts));
  name += random.pick(kFamilyMiddles);
  name += random.pick(kFamilyEnds);
  return name;
}

std::string plain_letters(std::string_view name) {
  std::string plain;
  for (std::size_t i = 0; i < name.size();) {
    bool replaced = false;
    for (const auto& [from, to] : kWrittenOut) {
      if (name.substr(i).starts_with(from)) {
        plain += to;
        i += from.size();
        replaced = true;
        break;
      }
    }
    if (replaced) continue;
    const char c = name[i++];
    if (c >= 'A' && c <= 'Z') plain += static_cast<char>(c - 'A' + 'a');
    if (c >= 'a' && c <= 'z') plain += c;
  }
  return plain;
}

}  // namespace candor
