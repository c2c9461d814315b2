/// The parameters of a structured field (RFC 2045 section 5.1, RFC 2183, RFC 2231), decoded.
package struct ParameterList: Sendable, Sequence {
    package struct Parameter: Sendable, Hashable {
        /// Lower-cased.
        package let name: String
        package let value: String
    }

    let parameters: [Parameter]

    package static let none = ParameterList(parameters: [])

    /// The value of the first parameter of that (lower-cased) name.
    package subscript(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    package var isEmpty: Bool { parameters.isEmpty }

    package func makeIterator() -> IndexingIterator<[Parameter]> { parameters.makeIterator() }
}
