// One allocation for all texts: a million rows have twenty million values.
#include "stores/copy/batch.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"

namespace propusk::copy {
namespace {
void append_number(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xffU);
}
}  // namespace

void Batch::clear() {
  cells_.clear();
  text_.clear();
}

void Batch::add(const sql::Statement& row) {
  for (std::size_t i = 0; i < table_->columns.size(); ++i) {
    const int column = static_cast<int>(i);
    if (row.is_null(column)) {
      cells_.push_back({0, -1});
    } else if (table_->columns[i].type == Type::integer) {
      cells_.push_back({row.integer(column) + step_of(i), 0});
    } else {
      const bool is_text = table_->columns[i].type == Type::text;
      const std::size_t begin = text_.size();
      if (is_text)
        text_ += row.text(column);
      else
        for (const std::byte byte : row.bytes(column)) text_ += static_cast<char>(byte);
      cells_.push_back({static_cast<std::int64_t>(begin), static_cast<std::int64_t>(text_.size() - begin)});
    }
  }
}

sql::Value Batch::at(std::size_t row, std::size_t column) const {
  const Cell& cell = cells_[row * table_->columns.size() + column];
  if (cell.size < 0) return nullptr;
  switch (table_->columns[column].type) {
    case Type::integer: return cell.number;
    case Type::text: return text(cell);
    case Type::bytes: break;
  }
  return as_bytes(text(cell));
}

bool Batch::has_same(std::size_t row, const Batch& other) const {
  const std::size_t width = table_->columns.size();
  for (std::size_t i = 0; i < width; ++i) {
    const Cell &mine = cells_[row * width + i], &theirs = other.cells_[row * width + i];
    const bool are_both_null = mine.size < 0 && theirs.size < 0;
    const bool is_number = table_->columns[i].type == Type::integer;
    if (mine.size != theirs.size) return false;
    if (!are_both_null && (is_number ? mine.number != theirs.number : text(mine) != other.text(theirs))) return false;
  }
  return true;
}

std::string Batch::name_of(std::size_t row) const {
  std::string out(table_->name);
  for (std::size_t i = 0; i < table_->keys; ++i) {
    const Cell& cell = cells_[row * table_->columns.size() + i];
    const Column& column = table_->columns[i];
    out += fmt::format(" {}={}", column.name,
                       column.type == Type::integer ? fmt::to_string(cell.number)
                       : column.type == Type::text  ? std::string(text(cell))
                                                    : to_hex(as_bytes(text(cell))));
  }
  return out;
}

Digest Batch::chained(const Digest& before, std::size_t row) const {
  std::string bytes(reinterpret_cast<const char*>(before.bytes.data()), before.bytes.size());
  for (std::size_t i = 0; i < table_->columns.size(); ++i) {
    const Cell& cell = cells_[row * table_->columns.size() + i];
    if (cell.size < 0) {
      bytes += 'n';
    } else if (table_->columns[i].type == Type::integer) {
      append_number(bytes += 'i', static_cast<std::uint64_t>(cell.number - step_of(i)));
    } else {
      append_number(bytes += table_->columns[i].type == Type::text ? 't' : 'b', static_cast<std::uint64_t>(cell.size));
      bytes += text(cell);
    }
  }
  return sha256(bytes);
}

}  // namespace propusk::copy
