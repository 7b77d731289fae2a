"""Django settings of the tests: the demo's, and the stand-in platform with its databases."""

import pymysql

from adaptive_xblocks.demo.settings import *  # noqa: F403
from adaptive_xblocks.demo.settings import DATABASES as DEMO_DATABASES
from adaptive_xblocks.demo.settings import DEMO_DIR
from adaptive_xblocks.demo.settings import INSTALLED_APPS as DEMO_APPS
from tests.platform.databases import configured

pymysql.install_as_MySQLdb()

INSTALLED_APPS = [*DEMO_APPS, "tests.platform.apps.StandIn"]
DATABASES = {**DEMO_DATABASES, **configured(DEMO_DIR)}
DATABASE_ROUTERS = ["tests.platform.databases.Router"]
