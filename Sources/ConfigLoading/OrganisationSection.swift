import Replies
import Rules
import Vocabulary

/// `organisation:` who customers write to, and how our mail is told from theirs.
struct OrganisationSection {
    private(set) var name = OrganisationName(names: [:])
    private(set) var defaultLanguage = Language.english
    private(set) var messageIDDomain: String?
    private(set) var authservID: String?
    private(set) var recipientDelimiter: Character = "+"
    private(set) var addresses: [EmailAddress] = []
    private(set) var forms: [EmailAddress] = []

    init(_ value: ConfigValue?) {
        guard let table = value?.table("organisation") else { return }
        if let language = table["default_language"]?.text("a language such as zh-Hans") {
            defaultLanguage = Language(language)
        }
        let names =
            table.required("name", "write the organisation's name, or one for each language")
            .map { perLanguage($0) { $0.text("the name") } } ?? [:]
        let lines =
            table["signature"].map { perLanguage($0) { $0.texts("lines of the signature")?.map(\.text) } } ?? [:]
        name = OrganisationName(names: names, signatureLines: lines, defaultLanguage: defaultLanguage)
        messageIDDomain = table["message_id_domain"].flatMap { Self.domain($0) }
        authservID = table["authserv_id"]?.text("the name of your mail server in Authentication-Results")
        recipientDelimiter = table["recipient_delimiter"].flatMap { Self.delimiter($0) } ?? recipientDelimiter
        addresses = table["addresses"]?.addresses() ?? []
        forms = table["forms"]?.addresses() ?? []
        table.finish()
    }

    /// One value for the default language, or a mapping from language to value.
    private func perLanguage<Value>(_ value: ConfigValue, _ read: (ConfigValue) -> Value?) -> [Language: Value] {
        guard value.isTable, let table = value.table("languages") else {
            return read(value).map { [defaultLanguage: $0] } ?? [:]
        }
        var values: [Language: Value] = [:]
        for (key, value) in table.all { values[Language(key.text)] = read(value) }
        return values
    }

    private static func domain(_ value: ConfigValue) -> String? {
        guard let text = value.text("a domain of yours such as example.com") else { return nil }
        guard EmailAddress(localPart: "x", domain: text) != nil, text.contains(".") else {
            value.report("\(text) is no domain; write one of yours, such as example.com")
            return nil
        }
        return text
    }

    private static func delimiter(_ value: ConfigValue) -> Character? {
        guard let text = value.text("one character, as recipient_delimiter of your mail server") else { return nil }
        guard text.count == 1, let character = text.first, "+-_=.".contains(character) else {
            value.report("\(text) is no delimiter; write one of + - _ = . as recipient_delimiter of your mail server")
            return nil
        }
        return character
    }
}
