"""Pictures of answers: one style, colours that colour-blind people tell apart, and charts.

matplotlib is imported when something is drawn, never before. Nothing here knows a lake: charts take
plain numbers, so that the report and notebooks draw alike.
"""
