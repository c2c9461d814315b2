/// Routing: who is responsible for a mail. There is always somebody.
///
/// In: what the mail is about, what a rule asked for, who was responsible before, and how many tickets everybody has.
/// Out: a team and a person, with reasons.
///
/// The order (R4 and R37 of the users' standards):
/// 1. the person whom a rule names;
/// 2. who is responsible already (of the ticket; of the customer, if in the team), unless a rule asks for a team
///    without that person;
/// 3. the team that a rule names, else the first that handles the category, else the default team; in it, of those who
///    are active and, where there are such, know the language, by the team's strategy;
/// 4. the team's superior; 5. the duty owner, in the end even when marked inactive: a mail without anybody responsible
///    is how mail gets lost.
///
/// What can go wrong: names that do not exist; `ConfigLoading` refuses them, and here they lead one step further.
