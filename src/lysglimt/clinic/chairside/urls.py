from django.urls import path

from .views import charting, concentration, devices, leaving, monitors, ordering, session

urlpatterns = [
    path("unit/concentration/", concentration.concentration, name="unit.concentration"),
    path("appointments/<int:pk>/open/", session.open_session, name="session.open"),
    path("sessions/<uuid:pk>/", session.session, name="session"),
    path("sessions/<uuid:pk>/order/", ordering.write_order, name="order.write"),
    path("orders/<int:pk>/sign/", ordering.sign_order, name="order.sign"),
    path("orders/<int:pk>/check/", ordering.check_preparation, name="order.check"),
    path("sessions/<uuid:pk>/gate/", ordering.gate, name="session.gate"),
    path("gates/<int:pk>/override/", ordering.override, name="session.override"),
    path("sessions/<uuid:pk>/vitals/", charting.record_vitals, name="vitals.record"),
    path("sessions/<uuid:pk>/take-over/", monitors.take_over, name="vitals.take-over"),
    path("vitals/<int:pk>/correct/", charting.correct_vitals, name="vitals.correct"),
    path("sessions/<uuid:pk>/pump/", charting.record_pump, name="pump.record"),
    path("pump/<int:pk>/reason/", charting.say_why_paused, name="pump.reason"),
    path("pump/<int:pk>/strike/", charting.strike_pump, name="pump.strike"),
    path("sessions/<uuid:pk>/event/", charting.record_event, name="event.record"),
    path("events/<int:pk>/strike/", charting.strike_event, name="event.strike"),
    path("sessions/<uuid:pk>/finish/", leaving.finish, name="session.finish"),
    path("sessions/<uuid:pk>/discharge/", leaving.record_discharge, name="discharge.record"),
    path("discharges/<int:pk>/sign/", leaving.sign_discharge, name="discharge.sign"),
    path("discharges/<int:pk>/leave/", leaving.leave, name="session.leave"),
    path("sessions/<uuid:pk>/devices/order/", devices.write_order, name="devices.order"),
    path("device-orders/<int:pk>/sign/", devices.sign_order, name="devices.sign"),
    path("device-orders/<int:pk>/check/", devices.check, name="devices.check"),
    path("sessions/<uuid:pk>/devices/", devices.record, name="devices.record"),
    path("devices/<int:pk>/strike/", devices.strike, name="devices.strike"),
    path(
        "sessions/<uuid:pk>/monitoring-form/", devices.monitoring_form, name="monitoring.form"
    ),
    path("monitors/", monitors.monitors, name="monitors"),
    path("monitors/bind/", monitors.bind, name="monitor.bind"),
    path("monitors/<int:pk>/release/", monitors.release, name="monitor.release"),
]
