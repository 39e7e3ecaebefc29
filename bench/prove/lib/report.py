"""The one way a proof speaks: lines `NAME value goal ok|MISSED`, and `# ...` for what a reader wants to know beside them."""
from statistics import median


def note(text):
    print(f"# {text}", flush=True)


def holds(name, value, goal, is_met):
    """A figure or a fact that cannot be compared as a plain number: `holds("lost", 0, "=0", lost == 0)`."""
    print(f"{name} {value} {goal} {'ok' if is_met else 'MISSED'}", flush=True)
    return is_met


def at_most(name, value, goal, unit=""):
    return holds(name, f"{value:.4g}{unit}", f"<={goal}{unit}", value <= goal)


def at_least(name, value, goal, unit=""):
    return holds(name, f"{value:.4g}{unit}", f">={goal}{unit}", value >= goal)


def spread(values, digits=2):
    """`median (lowest..highest)` of several rounds."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}..{max(values):.{digits}f})"
