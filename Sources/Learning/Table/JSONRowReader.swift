import Foundation
import Storage

/// JSON lines: one flat object a line. Strings are categories even when they look like numbers; columns come out in
/// the order of their names, because JSON gives its keys no order.
final class JSONRowReader {
    private let path: String
    private let categorical: Set<String>?
    private let decoder = JSONDecoder()
    private var builders: [ColumnBuilder] = []
    private var builderOfName: [String: Int] = [:]
    private(set) var rowCount = 0

    /// A key per row would otherwise make the table grow with the square of the file.
    static let maximumColumns = 10_000

    init(path: String, categorical: Set<String>?) {
        self.path = path
        self.categorical = categorical
    }

    func read(line: UnsafeRawBufferPointer, number: Int) throws {
        guard !NumberText.trimmed(line).isEmpty else { return }
        let cells: [String: JSONCell]
        do {
            cells = try decoder.decode([String: JSONCell].self, from: Data(line))
        } catch {
            throw LearningError(
                .invalidInput, "\(path), line \(number): not a flat JSON object (\(Self.reason(error)))",
                advice: "Write one object a line whose values are numbers, strings, true, false or null.")
        }
        for (name, cell) in cells {
            guard categorical?.contains(name) ?? true else { continue }
            try append(cell, to: name, number: number)
        }
        rowCount += 1
        for index in builders.indices where builders[index].count < rowCount { builders[index].appendMissing() }
    }

    func finish() -> [ColumnBuilder] { builders.sorted { $0.name < $1.name } }

    private func append(_ cell: JSONCell, to name: String, number: Int) throws {
        let index: Int
        if let known = builderOfName[name] {
            index = known
        } else {
            guard builders.count < Self.maximumColumns else {
                throw LearningError(
                    .invalidInput, "\(path), line \(number): more than \(Self.maximumColumns) different keys",
                    advice: "Use the same keys in every line.")
            }
            index = builders.count
            builderOfName[name] = index
            builders.append(ColumnBuilder(name: name, isCategorical: categorical != nil, missing: rowCount))
        }
        switch cell {
        case .missing: builders[index].appendMissing()
        case .number(let number): builders[index].append(number: number)
        case .boolean(let boolean): builders[index].append(boolean: boolean)
        case .text(var text):
            text.withUTF8 { bytes in
                let bytes = UnsafeRawBufferPointer(bytes)
                if MissingText.matches(NumberText.trimmed(bytes)) {
                    builders[index].appendMissing()
                } else {
                    builders[index].append(category: bytes)
                }
            }
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return (context.codingPath.map(\.stringValue) + [context.debugDescription]).joined(separator: ": ")
        case .keyNotFound(let key, _): return key.stringValue
        @unknown default: return "\(error)"
        }
    }
}

/// A value of a flat JSON object.
private enum JSONCell: Decodable {
    case missing
    case number(Double)
    case boolean(Bool)
    case text(String)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // A value's type is found by asking for one after the other; what fits none fails in the last.
        if container.decodeNil() {
            self = .missing
        } else if let boolean = try? container.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }
}
