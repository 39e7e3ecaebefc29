// Parsed once, filled for every request.
#include "loadgen/request_template.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace loadgen {

RequestTemplate::RequestTemplate(const Options& options) : options_(options) {
  std::string head = options.method + " " + options.path + " HTTP/1.1\r\nHost: " + options.host + ":" +
                     std::to_string(options.port) + "\r\n";
  for (const std::string& header : options.headers) head += header + "\r\n";
  if (options.closes) head += "Connection: close\r\n";
  head_ = parse(head, !options.values.empty());
  if (options.body) body_ = parse(*options.body, !options.values.empty());
}

RequestTemplate::Piece RequestTemplate::parse_random(std::string_view inside) {
  Piece piece{.kind = Piece::Kind::random};
  std::uint64_t* const parts[] = {&piece.below, &piece.width, &piece.base};
  std::size_t at = 0;
  for (std::uint64_t* part : parts) {
    const std::size_t colon = std::min(inside.find(':', at), inside.size());
    *part = std::strtoull(std::string(inside.substr(at, colon - at)).c_str(), nullptr, 10);
    if (colon == inside.size()) break;
    at = colon + 1;
  }
  return piece;
}

RequestTemplate::Pieces RequestTemplate::parse(std::string_view text, bool has_values) {
  Pieces pieces;
  std::string literal;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    Piece hole;
    if (rest.starts_with("{n}")) {
      hole.kind = Piece::Kind::number;
    } else if (rest.starts_with("{v}") && has_values) {
      hole.kind = Piece::Kind::value;
    } else if (rest.starts_with("{r:") && rest.contains('}')) {
      hole = parse_random(rest.substr(3, rest.find('}') - 3));
    } else {
      literal += text[at++];
      continue;
    }
    pieces.push_back({.literal = std::exchange(literal, {})});
    pieces.push_back(std::move(hole));
    at += rest.find('}') + 1;
  }
  pieces.push_back({.literal = std::move(literal)});
  return pieces;
}

void RequestTemplate::append(const Pieces& pieces, std::uint64_t number, Counters& counters, Chance& chance,
                             std::string& out) const {
  for (const Piece& piece : pieces) switch (piece.kind) {
      case Piece::Kind::literal: out += piece.literal; break;
      case Piece::Kind::number: out += std::to_string(number); break;
      case Piece::Kind::value: out += options_.values[counters.value++ % options_.values.size()]; break;
      case Piece::Kind::random: {
        const std::string drawn = std::to_string(piece.base + (piece.below ? chance() % piece.below : 0));
        if (drawn.size() < piece.width) out.append(piece.width - drawn.size(), '0');
        out += drawn;
      }
    }
}

void RequestTemplate::fill(std::string& out, Counters& counters, Chance& chance) const {
  const std::uint64_t number = counters.number++;
  out.clear();
  append(head_, number, counters, chance, out);
  if (!options_.body) {
    out += "\r\n";
    return;
  }
  std::string body;
  append(body_, number, counters, chance, body);
  out += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace loadgen
