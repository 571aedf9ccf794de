from . import control_chart
