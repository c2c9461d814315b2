internal import Foundation
internal import GRDB

/// Values of GRDB rows in the forms that this schema stores.
extension Row {
    func date(_ column: String) -> Date { Date(storedMilliseconds: self[column]) }
    func optionalDate(_ column: String) -> Date? { (self[column] as Int64?).map(Date.init(storedMilliseconds:)) }
    func bytes(_ column: String) -> [UInt8] { (self[column] as Data?).map { [UInt8]($0) } ?? [] }
}
