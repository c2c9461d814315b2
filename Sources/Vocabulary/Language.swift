/// The language of a mail as a BCP 47 tag. `und` when it could not be told.
package struct Language: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package static let simplifiedChinese = Language("zh-Hans")
    package static let traditionalChinese = Language("zh-Hant")
    package static let english = Language("en")
    package static let japanese = Language("ja")
    package static let undetermined = Language("und")

    package var description: String { rawValue }
}
