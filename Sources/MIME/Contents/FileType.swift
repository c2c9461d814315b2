/// A kind of file as this room tells it: the media type to show, what it can do to who opens it, and the file name
/// extensions it goes by. `SniffedType` finds it from bytes; `FileExtensions` from a name.
package struct FileType: Sendable, Hashable {
    package enum Family: String, Sendable, Hashable, CaseIterable {
        /// Machine code, byte code, installers and shortcuts: what starts something.
        case executable
        /// Text that a shell or an interpreter runs when it is opened.
        case script
        case office, pdf, image, audio, video, archive
        /// Images of disks: systems mount them and show what is inside without its origin.
        case diskImage
        case html, xml, text, rtf, calendar, contact, email
        /// Certificates, signatures and encrypted messages (OpenPGP, PKCS #7).
        case cryptography
        case font
    }

    /// What the file is built on, where a sniffer may see no further than that.
    package enum Container: Sendable, Hashable { case zip, compound, text }

    package let mediaType: String
    package let family: Family
    /// Lower-cased, the one to show first.
    package let extensions: [String]
    let container: Container?

    init(_ mediaType: String, _ family: Family, _ extensions: String, in container: Container? = nil) {
        self.mediaType = mediaType
        self.family = family
        self.extensions = extensions.split(separator: " ").map(String.init)
        self.container = container
    }

    package static func == (one: FileType, other: FileType) -> Bool { one.mediaType == other.mediaType }
    package func hash(into hasher: inout Hasher) { hasher.combine(mediaType) }

    /// Opening it can run something of the sender's.
    package var isRunnable: Bool { family == .executable || family == .script }
}

// Media types are those registered with IANA, else those of the shared MIME database.
extension FileType {
    // What runs
    static let windowsProgram = FileType(
        "application/vnd.microsoft.portable-executable", .executable, "exe dll scr com cpl sys ocx drv xll pif mui ax")
    static let dosProgram = FileType("application/x-dosexec", .executable, "exe com")
    static let elf = FileType("application/x-executable", .executable, "elf so run o ko axf appimage")
    static let machO = FileType("application/x-mach-binary", .executable, "dylib bundle")
    static let javaClass = FileType("application/java-vm", .executable, "class")
    static let dex = FileType("application/x-dex", .executable, "dex")
    static let wasm = FileType("application/wasm", .executable, "wasm")
    static let shortcut = FileType("application/x-ms-shortcut", .executable, "lnk")
    static let windowsInstaller = FileType("application/x-msi", .executable, "msi msp mst", in: .compound)
    /// A xar archive, as which macOS has its installers.
    static let macInstaller = FileType("application/x-xar", .executable, "pkg mpkg xip xar")
    static let debianPackage = FileType("application/vnd.debian.binary-package", .executable, "deb")
    static let rpm = FileType("application/x-rpm", .executable, "rpm")
    static let flash = FileType("application/vnd.adobe.flash.movie", .executable, "swf")
    static let compiledHelp = FileType("application/vnd.ms-htmlhelp", .executable, "chm")
    static let oneNote = FileType("application/onenote", .executable, "one")
    static let jar = FileType("application/java-archive", .executable, "jar war ear", in: .zip)
    static let apk = FileType("application/vnd.android.package-archive", .executable, "apk", in: .zip)
    static let windowsApp = FileType("application/msix", .executable, "msix appx msixbundle appxbundle", in: .zip)
    static let script = FileType(
        "text/x-script", .script, "sh bash zsh csh ksh py pyw pl rb command terminal desktop jnlp",
        in: .text)
    static let windowsScript = FileType(
        "text/x-windows-script", .script,
        "bat cmd js jse vbs vbe vb vbscript wsf wsh wsc sct ps1 psm1 psd1 ps1xml hta reg inf scf url application appref-ms "
            + "settingcontent-ms library-ms search-ms theme msc gadget mjs rdp xbap iqy slk", in: .text)
    static let php = FileType("application/x-httpd-php", .script, "php phtml", in: .text)

    // Office
    static let wordDocument = FileType(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", .office, "docx docm dotx dotm",
        in: .zip)
    static let excelWorkbook = FileType(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", .office, "xlsx xlsm xltx xltm xlsb xlam",
        in: .zip)
    static let powerPointShow = FileType(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation", .office,
        "pptx pptm potx potm ppsx ppsm ppam", in: .zip)
    static let visioDrawing = FileType(
        "application/vnd.ms-visio.drawing.main+xml", .office, "vsdx vsdm vstx vssx", in: .zip)
    static let openText = FileType("application/vnd.oasis.opendocument.text", .office, "odt ott", in: .zip)
    static let openSpreadsheet = FileType(
        "application/vnd.oasis.opendocument.spreadsheet", .office, "ods ots", in: .zip)
    static let openPresentation = FileType(
        "application/vnd.oasis.opendocument.presentation", .office, "odp otp", in: .zip)
    static let openGraphics = FileType("application/vnd.oasis.opendocument.graphics", .office, "odg otg", in: .zip)
    static let appleOffice = FileType("application/vnd.apple.iwork", .office, "pages numbers key", in: .zip)
    static let epub = FileType("application/epub+zip", .office, "epub", in: .zip)
    static let oldWord = FileType("application/msword", .office, "doc dot wps", in: .compound)
    static let oldExcel = FileType("application/vnd.ms-excel", .office, "xls xlt xla et", in: .compound)
    static let oldPowerPoint = FileType("application/vnd.ms-powerpoint", .office, "ppt pot pps dps", in: .compound)
    static let oldVisio = FileType("application/vnd.visio", .office, "vsd vss vst", in: .compound)
    static let outlookMessage = FileType("application/vnd.ms-outlook", .email, "msg oft", in: .compound)
    /// A compound file (MS-CFB) of no kind we know, or an encrypted document (MS-OFFCRYPTO).
    static let compound = FileType("application/x-ole-storage", .office, "doc", in: .compound)

    static let pdf = FileType("application/pdf", .pdf, "pdf")
    static let postScript = FileType("application/postscript", .pdf, "ps eps ai")
    static let rtf = FileType("application/rtf", .rtf, "rtf doc", in: .text)

    // Pictures, sound, film
    static let png = FileType("image/png", .image, "png")
    static let jpeg = FileType("image/jpeg", .image, "jpg jpeg jpe jfif")
    static let gif = FileType("image/gif", .image, "gif")
    static let bmp = FileType("image/bmp", .image, "bmp dib")
    static let tiff = FileType("image/tiff", .image, "tif tiff")
    static let webp = FileType("image/webp", .image, "webp")
    static let icon = FileType("image/vnd.microsoft.icon", .image, "ico cur")
    static let heif = FileType("image/heif", .image, "heic heif hif")
    static let avif = FileType("image/avif", .image, "avif")
    static let jpegXL = FileType("image/jxl", .image, "jxl")
    static let photoshop = FileType("image/vnd.adobe.photoshop", .image, "psd psb")
    static let emf = FileType("image/emf", .image, "emf")
    static let wmf = FileType("image/wmf", .image, "wmf")
    /// May carry scripts, and browsers run them.
    static let svg = FileType("image/svg+xml", .html, "svg", in: .text)
    static let mp3 = FileType("audio/mpeg", .audio, "mp3")
    static let wav = FileType("audio/wav", .audio, "wav")
    static let ogg = FileType("audio/ogg", .audio, "ogg oga opus ogv")
    static let flac = FileType("audio/flac", .audio, "flac")
    static let amr = FileType("audio/AMR", .audio, "amr")
    static let midi = FileType("audio/midi", .audio, "mid midi")
    static let m4a = FileType("audio/mp4", .audio, "m4a")
    static let mp4 = FileType("video/mp4", .video, "mp4 m4v")
    static let quickTime = FileType("video/quicktime", .video, "mov qt")
    static let threeGP = FileType("video/3gpp", .video, "3gp 3g2")
    static let avi = FileType("video/x-msvideo", .video, "avi")
    static let matroska = FileType("video/x-matroska", .video, "mkv webm mka")
    static let mpeg = FileType("video/mpeg", .video, "mpg mpeg vob")
    static let asf = FileType("video/x-ms-asf", .video, "wmv wma asf")
    static let flv = FileType("video/x-flv", .video, "flv")

    // Archives
    static let zip = FileType("application/zip", .archive, "zip pyz pyzw", in: .zip)
    static let rar = FileType("application/vnd.rar", .archive, "rar")
    static let sevenZip = FileType("application/x-7z-compressed", .archive, "7z")
    static let gzip = FileType("application/gzip", .archive, "gz tgz")
    static let bzip2 = FileType("application/x-bzip2", .archive, "bz2 tbz2")
    static let xz = FileType("application/x-xz", .archive, "xz txz")
    static let zstd = FileType("application/zstd", .archive, "zst")
    static let lz4 = FileType("application/x-lz4", .archive, "lz4")
    static let compress = FileType("application/x-compress", .archive, "z")
    static let tar = FileType("application/x-tar", .archive, "tar")
    static let cabinet = FileType("application/vnd.ms-cab-compressed", .archive, "cab diagcab")
    static let arj = FileType("application/x-arj", .archive, "arj")
    static let lha = FileType("application/x-lha", .archive, "lzh lha")
    static let ace = FileType("application/x-ace-compressed", .archive, "ace")
    static let ar = FileType("application/x-archive", .archive, "a ar")
    static let iso = FileType("application/x-iso9660-image", .diskImage, "iso img")
    static let vhd = FileType("application/x-virtualbox-vhd", .diskImage, "vhd")
    static let vhdx = FileType("application/x-virtualbox-vhdx", .diskImage, "vhdx")
    static let appleDiskImage = FileType("application/x-apple-diskimage", .diskImage, "dmg")

    // Text and mail
    static let html = FileType("text/html", .html, "html htm xhtml shtml xht mht mhtml", in: .text)
    static let xml = FileType("application/xml", .xml, "xml xsd xsl rss atom plist kml gpx", in: .text)
    static let calendar = FileType("text/calendar", .calendar, "ics ical ifb vcs", in: .text)
    static let contact = FileType("text/vcard", .contact, "vcf vcard", in: .text)
    static let email = FileType("message/rfc822", .email, "eml", in: .text)
    static let mailFolder = FileType("application/mbox", .email, "mbox", in: .text)
    static let outlookStore = FileType("application/vnd.ms-outlook-pst", .email, "pst ost")
    static let tnef = FileType("application/vnd.ms-tnef", .email, "tnef dat")
    static let plainText = FileType(
        "text/plain", .text,
        "txt text log tsv md json yaml yml ini cfg conf toml sql tex srt vtt diff patch asc css c h cpp java swift",
        in: .text)
    /// RFC 4180. Nothing in the bytes tells a table from other text: it is one by its name or as declared.
    static let csv = FileType("text/csv", .text, "csv", in: .text)
    static let openPGP = FileType("application/pgp-encrypted", .cryptography, "asc pgp gpg", in: .text)
    static let openPGPSignature = FileType("application/pgp-signature", .cryptography, "sig asc", in: .text)
    static let openPGPKey = FileType("application/pgp-keys", .cryptography, "asc key gpg", in: .text)
    static let pkcs7 = FileType("application/pkcs7-mime", .cryptography, "p7m p7s p7c p7b")
    static let certificate = FileType(
        "application/pem-certificate-chain", .cryptography, "pem crt cer key csr", in: .text)
    static let sqlite = FileType("application/vnd.sqlite3", .archive, "sqlite db")
    static let accessDatabase = FileType("application/msaccess", .office, "mdb accdb accde mde")
    static let truetype = FileType("font/ttf", .font, "ttf ttc otf")
    static let woff = FileType("font/woff", .font, "woff woff2")

    static let all: [FileType] = [
        windowsProgram, dosProgram, elf, machO, javaClass, dex, wasm, shortcut, windowsInstaller, macInstaller,
        debianPackage, rpm, flash, compiledHelp, oneNote, jar, apk, windowsApp, script, windowsScript, php,
        wordDocument, excelWorkbook,
        powerPointShow, visioDrawing, openText, openSpreadsheet, openPresentation, openGraphics, appleOffice, epub,
        oldWord, oldExcel, oldPowerPoint, oldVisio, outlookMessage, compound, pdf, postScript, rtf, png, jpeg, gif, bmp,
        tiff, webp, icon, heif, avif, jpegXL, photoshop, emf, wmf, svg, mp3, wav, ogg, flac, amr, midi, m4a, mp4,
        quickTime, threeGP, avi, matroska, mpeg, asf, flv, zip, rar, sevenZip, gzip, bzip2, xz, zstd, lz4, compress,
        tar, cabinet, arj, lha, ace, ar, iso, vhd, vhdx, appleDiskImage, html, xml, calendar, contact, email,
        mailFolder, outlookStore, tnef, plainText, csv, openPGP, openPGPSignature, openPGPKey, pkcs7, certificate,
        sqlite, accessDatabase, truetype, woff,
    ]
}
