"""Can the time of an answer tell two classes apart? Interleaved samples, and the area under the ROC curve."""
import random
import time
from statistics import median

from lib import report

LOW, HIGH = 0.48, 0.52  # SECURITY.md S1


def area(first, second):
    """The chance that a sample of `second` is slower than one of `first` (Mann and Whitney): 0.5 tells nothing."""
    ranked = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    rank_sum, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        rank_sum += sum(kind for _, kind in ranked[at:end]) * (at + 1 + end) / 2
        at = end
    return (rank_sum - len(second) * (len(second) + 1) / 2) / (len(first) * len(second))


def interleaved(ask, classes, count, seed=1):
    """`count` samples of each class in random order, one at a time, in nanoseconds. ask(class, n) makes one request."""
    order = [name for name in classes for _ in range(count)]
    random.Random(seed).shuffle(order)
    samples = {name: [] for name in classes}
    for n, name in enumerate(order):
        began = time.perf_counter_ns()
        ask(name, n)
        samples[name].append(time.perf_counter_ns() - began)
    return samples


def describe(name, samples):
    for kind, values in samples.items():
        report.note(f"{name}, {kind}: {len(values)} samples, median {median(values) / 1e6:.3f} ms")


def tells_nothing(name, samples):
    first, second = samples.values()
    found = area(first, second)
    describe(name, samples)
    report.holds(f"{name}_auc", f"{found:.4f}", f"{LOW}..{HIGH}", LOW <= found <= HIGH)


def is_detected(name, samples):
    first, second = samples.values()
    found = area(first, second)
    describe(name, samples)
    report.holds(f"{name}_auc", f"{found:.4f}", f"outside {LOW}..{HIGH}", not LOW <= found <= HIGH)
