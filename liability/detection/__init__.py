"""The batch-defect alarm: pure arithmetic over days and counts. Neither database nor web.

`Detector` is fed day after day and answers with alarms. How it decides is told in
docs/batch-alarm.md.
"""

from liability.detection.detector import Alarm, Complaint, Detector, Season, Settings, detect
from liability.detection.units import Units

__all__ = ["Alarm", "Complaint", "Detector", "Season", "Settings", "Units", "detect"]
