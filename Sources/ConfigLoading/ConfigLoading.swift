/// ConfigLoading: the files that admins edit, read into one checked `Config` made of the rooms' own option types.
///
/// In: a folder and the environment, which is passed in, so that a test needs none. Out: a `Config`,
/// or a `ConfigError` with every problem of every file at once, each as `file:line:column: what, and what to do`.
///
///     postroom.yaml        organisation, accounts, submission, storage, operators, replies, lexicon, log, limits
///     teams.yaml           people, teams, default team, duty owner
///     sla.yaml             calendars and deadlines
///     rules.d/*.yaml       rules, in the order of the file names; lists and files that they name
///     words.d/*.txt        words of the company's own: positions, labels, forms of its numbers, lines that introduce
///                          quoted mail or a signature (may be missing)
///     templates/<lang>/    replies
///
/// How: `ConfigFile` reads YAML into nodes with places; `ConfigTable` walks a mapping and remembers which keys were
/// asked for, so that every other key is a problem; one file here for each section; `CrossChecks` compares sections.
/// Scalars are text until somebody asks for a number: `no` and `1.10` stay what was written.
///
/// Secrets never stand in these files: `credential:`, `file:` or `env:` name where they are (`SecretSource`).
///
/// Nothing is started here, and nothing is written.
import Correspondence
import Extraction
import IMAPClient
import MailText
import Replies
import Rules
import Storage
import Triage
import Vocabulary

/// Whether secrets are read. Commands that talk to no server do not need them, and may not be allowed to read them.
package enum SecretLoading: Sendable {
    case required, skipped
}

/// Reads and checks everything in `directory`.
///
/// - Parameters:
///   - stored: the files of an earlier configuration, in place of those on the disk.
///   - rules: a folder of rule files, in place of the one that the configuration names.
package func loadConfig(
    directory: String, environment: [String: String], secrets: SecretLoading = .required,
    stored: [ConfigSource]? = nil, rules: String? = nil
) throws(ConfigError) -> Config {
    let problems = ProblemList()
    let folder = ConfigFolder(path: directory, stored: stored, problems: problems)
    let loader = ConfigLoader(
        folder: folder, problems: problems,
        secrets: SecretReader(environment: environment, folder: folder, loading: secrets), rules: rules)
    let config = loader.load()
    guard let config, problems.isEmpty else { throw ConfigError(problems: problems.sorted()) }
    return config
}

/// One load: the sections in order, then what holds between them.
struct ConfigLoader {
    let folder: ConfigFolder
    let problems: ProblemList
    let secrets: SecretReader
    let rules: String?

    func load() -> Config? {
        let main = MainSection(folder.yaml("postroom.yaml", required: true), problems: problems, secrets: secrets)
        let teams = TeamsSection(folder.yaml("teams.yaml", required: true), categories: main.categories)
        let levels = LevelsSection(
            folder.yaml("sla.yaml", required: true), categories: main.categories, timeZone: main.timeZone)
        let source = ruleSource(rules.map { ConfigPath(path: $0, location: nil) } ?? main.rulesPath)
        let words = wordFiles()
        let compiled = RuleSet.compile(source, categories: main.categories)
        for problem in compiled.problems { problems.report(problem.location, problem.message) }
        let (templates, templateProblems) = TemplateSet.compile(
            sources: folder.templates(main.templatesPath), defaultLanguage: main.defaultLanguage)
        for problem in templateProblems { problems.report(problem.location, problem.message) }
        CrossChecks(
            problems: problems, main: main, teams: teams, definitions: source.rules, templates: templates,
            templatesHaveProblems: !templateProblems.isEmpty
        ).run()
        guard problems.isEmpty, let identity = main.identity(agents: teams.addresses), let storage = main.storage,
            let routing = teams.options, let levels = levels.levels, let replies = main.replies
        else { return nil }
        let accounts = main.accounts.map { account in
            var account = account
            account.spool = SpoolOptions(
                folder: storage.spoolDirectory, threshold: min(main.limits.batchBytes, 8 << 20))
            return account
        }
        var config = Config(
            accounts: accounts, submission: nil, storage: storage,
            triage: TriageOptions(
                configVersion: folder.digest(), identity: identity,
                extraction: ExtractionOptions(
                    region: main.region, words: words.isEmpty ? .standard : DetailWords(adding: words),
                    ownAddresses: Set(identity.addresses.map(\.normalized)),
                    ownDomains: [identity.messageIDDomain.lowercased()]),
                rules: compiled.rules,
                lexicon: main.lexicon, routing: routing, serviceLevels: levels, replies: replies, templates: templates,
                phrases: words.isEmpty ? .standard : MailPhrases(adding: words), reopenWindow: main.reopenWindow),
            log: main.log, mode: main.mode, operators: main.operators, limits: main.limits, alarms: main.alarms,
            webhook: main.webhook, outbox: main.outbox)
        config.relays = main.relays
        config.sources = folder.sources
        config.categories = main.categories
        config.warnings = compiled.warnings.map { ConfigProblem($0.location, $0.message) }
        return config
    }

    private func ruleSource(_ path: ConfigPath) -> RuleSource {
        let reader = RulesReader(folder: folder, problems: problems)
        reader.readAll(path)
        return reader.source
    }
}
