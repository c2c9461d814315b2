/// What a file name extension promises, and whether bytes keep the promise.
extension FileType {
    private static let byExtension: [String: [FileType]] = {
        var table: [String: [FileType]] = [:]
        for type in all {
            for name in type.extensions { table[name, default: []].append(type) }
        }
        return table
    }()

    /// The kinds of file that go by an extension (without the dot, in lower case).
    package static func named(_ fileExtension: String) -> [FileType] { byExtension[fileExtension] ?? [] }

    /// Whether a system starts something when a file with this extension is opened, or mounts it as a disk, where what is
    /// inside has lost the mark of coming from outside. Markup is not counted, though a browser
    /// runs its scripts: see `isMarkup`.
    static func isRunnable(_ fileExtension: String) -> Bool {
        named(fileExtension).contains { $0.isRunnable || $0.family == .diskImage } || runnable.contains(fileExtension)
    }

    /// Of formats that start nothing under their usual extension: cabinets of troubleshooting programs, zip archives of
    /// Python.
    private static let runnable: Set<String> = ["diagcab", "pyz", "pyzw"]

    /// Opened in a browser, with scripts.
    static func isMarkup(_ fileExtension: String) -> Bool { named(fileExtension).contains { $0.family == .html } }

    /// Whether content of this kind belongs under that extension: nil when the extension is not known.
    ///
    /// Only another family counts as a contradiction: a JPEG called `.png` harms nobody.
    func fits(_ fileExtension: String) -> Bool? {
        let promised = FileType.named(fileExtension)
        if promised.isEmpty { return nil }
        return promised.contains { type in
            if type == self || type.family == family { return true }
            // Where the sniffer saw only the container, anything built on it fits; and a document is a zip too.
            return (isBareContainer || type.isBareContainer) && type.container == container && container != nil
        }
    }

    private var isBareContainer: Bool {
        self == .zip || self == .compound || self == .plainText || self == .csv || self == .xml
    }

    /// What a declared media type stands for; nil for unknown ones. Parameters are not part of it.
    package static func declared(_ mediaType: String) -> FileType? { byMediaType[mediaType] }

    private static let byMediaType: [String: FileType] = {
        var table = Dictionary(all.map { ($0.mediaType, $0) }) { first, _ in first }
        // Old and unregistered names that mail still carries.
        let others: [(FileType, String)] = [
            (.calendar, "application/ics text/x-vcalendar text/ical"),
            (.contact, "text/x-vcard text/directory application/vcard text/vcf"),
            (.pdf, "application/x-pdf application/acrobat"),
            (.zip, "application/x-zip-compressed application/x-zip multipart/x-zip"),
            (.rar, "application/x-rar-compressed application/x-rar application/rar"),
            (.gzip, "application/x-gzip"),
            (.windowsProgram, "application/x-msdownload application/exe application/x-msdos-program"),
            (.rtf, "text/rtf text/richtext application/x-rtf"),
            (.jpeg, "image/jpg image/pjpeg"), (.png, "image/x-png"),
            (.tnef, "application/ms-tnef"), (.email, "message/global message/news"),
            (.csv, "application/csv text/x-csv text/comma-separated-values"),
            (.html, "application/xhtml+xml"), (.xml, "text/xml"),
            (
                .script,
                "application/x-java-jnlp-file application/x-desktop application/x-sh text/x-python text/x-perl application/x-shellscript"
            ),
            (.windowsScript, "text/javascript application/javascript application/x-javascript text/vbscript"),
            (.pkcs7, "application/x-pkcs7-mime application/pkcs7-signature application/x-pkcs7-signature"),
        ]
        for (type, names) in others {
            for name in names.split(separator: " ") { table[String(name)] = type }
        }
        return table
    }()
}
