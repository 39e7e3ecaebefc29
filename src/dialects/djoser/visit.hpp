// Visit: one request to a view of the djoser dialect, and the words that it shares with its framework.
#pragma once
#include "dialects/djoser/djoser.hpp"
#include "dialects/drf/forms.hpp"
#include "dialects/drf/rows.hpp"

namespace propusk::djoser {

using drf::Door;
using drf::Errors;
using drf::FieldRule;
using drf::FieldType;
using drf::Form;
using drf::Rules;
using drf::Sentence;

/// Lives in the frame that serves it.
struct Visit : drf::Visit {
  Djoser& djoser;
};
using Action = drf::Action<Visit>;
using View = drf::View<Visit>;
using Handler = Task<void> (*)(const Visit& visit);

}  // namespace propusk::djoser
