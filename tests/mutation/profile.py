"""
A pytest plugin for runs under mutmut: one Hypothesis test runs in many forks, the same way in each, and briefly: nobody reads what fails.
"""

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "mutation",
    suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
    deadline=None,
    max_examples=30,
    phases=[Phase.explicit, Phase.generate],
    database=None,
    derandomize=True,
)
settings.load_profile("mutation")
