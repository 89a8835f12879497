"""What every test may ask for."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.plugins.database", "tests.plugins.browser"]

# How fast a machine is decides no test.
settings.register_profile("gate", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gate")
