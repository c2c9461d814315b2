package import Digest
package import Vocabulary
extension TemplateSet {
    package func digest(of name: String, language: Language) -> SHA256Digest? { self.language(of: name, wanted: language) == nil ? nil : sha256(Array((name + language.rawValue).utf8)) }
    package var all: [(name: String, language: Language)] { names.flatMap { name in languages(of: name).map { (name, $0) } } }
}
