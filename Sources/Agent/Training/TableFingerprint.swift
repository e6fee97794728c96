import Crypto
import Foundation
import Learning
import Statistics

/// Stands for a table and what is to be learned from it: a search is only taken up again on the same.
enum TableFingerprint {
    /// 32 hexadecimal digits of a SHA-256 over names, kinds and cells.
    static func text(of table: Table, problem: LearningProblem) -> String {
        var hash = SHA256()
        func add(_ text: String) { hash.update(data: Data("\(text.utf8.count):\(text)".utf8)) }
        add(problem.target)
        add(problem.features?.joined(separator: "\u{1}") ?? "")
        for name in [problem.time, problem.group, problem.weight] { add(name ?? "") }
        for column in table.columns {
            add(column.name)
            add(column.kind.rawValue)
            switch column.values {
            case .numeric(let numbers): numbers.withUnsafeBytes { hash.update(bufferPointer: $0) }
            case .boolean(let flags): flags.withUnsafeBytes { hash.update(bufferPointer: $0) }
            case .categorical(let codes, let categories):
                codes.withUnsafeBytes { hash.update(bufferPointer: $0) }
                for category in categories { add(category) }
            }
        }
        return hash.finalize().prefix(16).map { String(format: "%02x", $0) }.joined()
    }
}
