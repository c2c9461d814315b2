/// BusinessTime: calendars with opening hours, holidays and make-up workdays, and the deadlines that come of them.
///
/// In: a calendar, an amount of time and a moment. Out: the moment when that amount has passed. Nothing here reads the
/// clock.
///
/// Three kinds of time (R6 of the users' standards): `elapsed` runs always; `working` runs while the calendar is open;
/// `workingDays` counts days on which the calendar opens, not the first one, and ends when the last one closes.
///
/// Offsets from UTC are taken for the moment in question, never today's for all: a deadline across the change to summer
/// time is right. An hour that clocks skip is no working time; one that comes twice counts twice when it is open.
///
/// What can go wrong: a calendar that never opens, opening hours that overlap, a day that is holiday and workday at
/// once. Such a calendar cannot be made, so every computation here ends.
