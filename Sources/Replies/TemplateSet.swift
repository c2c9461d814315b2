package import Digest
import Mustache
package import Vocabulary

/// One template file as it was read.
///
/// A template is plain text:
///
///     {{! a comment, for admins }}
///     Subject: [{{ticket}}] We have received your message
///
///     {{#name}}Dear {{name}},{{/name}}{{^name}}Dear customer,{{/name}}
///     …
///     {{> _signature}}
///
/// The first line that is no comment is the subject; a blank line ends it. A file whose name begins with `_` is a
/// partial: text without a subject that others of the same language include. Lines that begin with `- ` are points; a
/// line `--` begins the signature.
package struct TemplateSource: Sendable, Equatable {
    /// `receipt`; `_signature` for a partial.
    package let name: String
    package let language: Language
    package let text: String
    /// Where the text begins: problems name lines counted from here.
    package let location: SourceLocation

    package init(name: String, language: Language, text: String, location: SourceLocation) {
        self.name = name
        self.language = language
        // LF is one thing to Swift and CR LF another; editors on Windows write the second, and a mark at the beginning.
        var scalars = text.unicodeScalars[...]
        if scalars.first == "\u{FEFF}" { scalars = scalars.dropFirst() }
        self.text = String(String.UnicodeScalarView(scalars.filter { $0 != "\r" }))
        self.location = location
    }

    /// The source of `templates/<language>/<name>.mustache`; nil for a path of another form.
    package init?(path: String, text: String) {
        let steps = path.split(separator: "/")
        guard steps.count >= 2, let file = steps.last, file.hasSuffix(Self.fileExtension) else { return nil }
        self.init(
            name: String(file.dropLast(Self.fileExtension.count)), language: Language(String(steps[steps.count - 2])),
            text: text, location: SourceLocation(file: path))
    }

    package static let fileExtension = ".mustache"

    var isPartial: Bool { name.hasPrefix("_") }
}

/// What is wrong with a template, and where.
package struct TemplateProblem: Sendable, Equatable, CustomStringConvertible {
    package let location: SourceLocation
    /// What, and what to do.
    package let message: String

    package init(location: SourceLocation, message: String) {
        self.location = location
        self.message = message
    }

    /// `templates/en/receipt.mustache:3:12: unknown variable "tiket"; did you mean "ticket"?`
    package var description: String { "\(location): \(message)" }
}

/// A reply as text, before it is a mail.
package struct RenderedReply: Sendable, Equatable {
    /// One line.
    package let subject: String
    /// Lines end with LF.
    package let text: String
    package let html: String?
    package let language: Language

    package init(subject: String, text: String, html: String?, language: Language) {
        self.subject = subject
        self.text = text
        self.html = html
        self.language = language
    }
}

/// The admins' templates, checked. A value; a reload makes a new one.
package struct TemplateSet: Sendable {
    /// Subject and body, each a template of its own, so that a value in one can never become part of the other.
    private struct Compiled: Sendable {
        let subject: MustacheTemplate
        let body: MustacheTemplate
    }

    private struct Files: Sendable {
        var templates: [String: Compiled] = [:]
        var partials = MustacheLibrary()
        /// Partials and templates by name, for the hash of their content.
        var sources: [String: TemplateSource] = [:]
        var digests: [String: SHA256Digest] = [:]
    }

    private var byLanguage: [Language: Files] = [:]
    private var defaultLanguage: Language
    private let forms = ReplyForms()

    /// A set without templates: every reply is nil.
    package static let empty = TemplateSet(defaultLanguage: .english)

    private init(defaultLanguage: Language) { self.defaultLanguage = defaultLanguage }

    /// Makes a set of all sources that are right, and lists everything that is wrong, in the order of files and lines.
    /// A caller that gets problems does not use the set.
    package static func compile(
        sources: [TemplateSource], defaultLanguage: Language = .english
    ) -> (TemplateSet, problems: [TemplateProblem]) {
        var set = TemplateSet(defaultLanguage: defaultLanguage)
        var problems = duplicates(in: sources)
        for files in Dictionary(grouping: sources, by: \.language).values {
            let partials = Set(files.filter(\.isPartial).map(\.name))
            problems += cycles(in: files)
            for file in files {
                let found = lint(file, partials: partials)
                problems += found
                guard found.isEmpty else { continue }
                do { try set.add(file) } catch {
                    problems.append(TemplateProblem(location: file.location, message: "cannot be read: \(error)"))
                }
            }
        }
        set.hashContents()
        return (set, problems.sorted(by: inFileOrder))
    }

    package var names: [String] {
        Set(byLanguage.values.flatMap { $0.templates.keys }).sorted()
    }

    package func languages(of name: String) -> [Language] {
        byLanguage.filter { $0.value.templates[name] != nil }.keys.sorted { $0.rawValue < $1.rawValue }
    }

    /// Every template in every language, in the order of names.
    package var all: [(name: String, language: Language)] {
        names.flatMap { name in languages(of: name).map { (name, $0) } }
    }

    /// What could be better; no reason to refuse the set.
    package var advice: [TemplateProblem] { templateAdvice(byLanguage.values.flatMap { $0.sources.values }) }

    /// SHA-256 over the text of a template and of every partial that it reaches, with names and lengths: who approves a
    /// text approves what all of them say. Nil when there is no such template in this very language.
    package func digest(of name: String, language: Language) -> SHA256Digest? {
        byLanguage[language]?.digests[name]
    }

    /// The language in which this template would be sent to somebody who writes `wanted`; nil when there is none.
    package func language(of name: String, wanted: Language) -> Language? {
        closestLanguage(to: wanted, among: languages(of: name), otherwise: defaultLanguage)
    }

    /// The reply in the closest language; nil when there is no such template in any fitting one.
    package func render(_ name: String, language: Language, values: TemplateValues) -> RenderedReply? {
        guard let chosen = self.language(of: name, wanted: language), let files = byLanguage[chosen],
            let template = files.templates[name]
        else { return nil }
        var given = values.byName
        func made() -> ReplyForm {
            let marked = given.merging(ReplyForm.marks.filter { given[$0.key] != nil }) { $1 }
            return ReplyForm(rendered(template, partials: files.partials, values: marked, language: chosen))
        }
        let key = ReplyForm.Key(
            template: name, language: chosen, present: Set(given.keys), organisation: values.organisation,
            signature: values.signature, missing: values.missing)
        let form = values.isUnique ? made() : forms.form(key, make: made)
        for several in ["signature", "missing", "files", "message"] { given[several] = nil }
        return form.filled(given, language: chosen)
    }

    private func rendered(
        _ template: Compiled, partials: MustacheLibrary, values: [String: String], language: Language
    ) -> RenderedReply {
        let subject = oneLine(template.subject.render(values, library: partials))
        let text = tidied(template.body.render(values, library: partials))
        return RenderedReply(
            subject: subject, text: text, html: htmlForm(of: text, title: subject, language: language),
            language: language)
    }

    private mutating func add(_ file: TemplateSource) throws {
        var language = byLanguage[file.language] ?? Files()
        if file.isPartial {
            try language.partials.register(plainText(file.text), named: file.name)
        } else {
            let (subject, body) = subjectAndBody(of: file)
            language.templates[file.name] = Compiled(
                subject: try MustacheTemplate(string: plainText(subject.text)),
                body: try MustacheTemplate(string: plainText(body.text)))
        }
        language.sources[file.name] = file
        byLanguage[file.language] = language
    }

    /// Once all files are known.
    private mutating func hashContents() {
        for (language, files) in byLanguage {
            for name in files.templates.keys {
                let reached = reachedFiles(from: name, among: files.sources)
                var hasher = SHA256Hasher()
                for file in reached.sorted(by: { $0.name < $1.name }) {
                    let text = Array(file.text.utf8)
                    hasher.update(Array("\(file.name)\n\(text.count)\n".utf8) + text)
                }
                byLanguage[language]?.digests[name] = hasher.finalize()
            }
        }
    }
}

/// Mustache escapes for HTML unless the template says that it is text, and so must each partial for itself. On a line
/// of its own the pragma leaves no trace.
private func plainText(_ text: String) -> String {
    "{{% CONTENT_TYPE:TEXT}}\n" + text
}

/// LF only, no blanks at line ends but the one of the signature delimiter `-- ` (RFC 3676 section 4.3), at most one blank
/// line in a row (an absent section may leave two), one LF at the end.
private func tidied(_ text: String) -> String {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        var scalars = line.unicodeScalars
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        let trimmed = String(scalars)
        if trimmed.isEmpty, lines.last?.isEmpty ?? true { continue }
        lines.append(trimmed == "--" ? "-- " : trimmed)
    }
    while lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
}

private func inFileOrder(_ left: TemplateProblem, _ right: TemplateProblem) -> Bool {
    (left.location.file, left.location.line, left.location.column, left.message)
        < (right.location.file, right.location.line, right.location.column, right.message)
}
