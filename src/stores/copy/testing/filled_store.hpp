// Rows of every table, with every kind of value that a copy could lose.
#pragma once
#include <initializer_list>

#include "stores/copy/side.hpp"

namespace propusk::copy::testing {

const Table& table(std::string_view name);
void put(Side& side, std::string_view table, std::initializer_list<sql::Value> row);
/// Migrates, then writes `accounts` accounts with a session each, and a few rows of every other table, in one
/// transaction.
void fill(Side& side, int accounts, const Clock& clock);
std::int64_t rows_of(Side& side, std::string_view table);
std::int64_t number(Side& side, sql::Sql question);

}  // namespace propusk::copy::testing
