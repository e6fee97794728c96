import Learning
import Statistics

/// The numbers that the detectors are shown, row by row, and what could not be one.
struct DetectSignal {
    enum Source: String {
        /// A column as it is.
        case column
        /// abs(prediction − label), where both columns hold numbers (or true and false, as 1 and 0).
        case absoluteError = "absolute_error"
        /// 1 where the prediction is not the label, else 0.
        case classError = "class_error"
    }

    let source: Source
    /// The columns, for people.
    let name: String
    /// One per row of the table; NaN where there is none.
    private(set) var values: [Double] = []
    private(set) var missing = 0
    /// Infinite, or so large that sums of squares would become so: beyond what any detector takes.
    private(set) var infinite = 0
    /// Text where a number is expected.
    private(set) var text = 0

    private static let largest = 1e100

    var usedCount: Int { values.count - missing - infinite - text }

    /// The mean of the values used; `nil` without any.
    var mean: Double? {
        let used = usedCount
        return used == 0 ? nil : values.reduce(0) { $1.isNaN ? $0 : $0 + $1 } / Double(used)
    }

    init(_ table: Table, _ options: DetectOptions) throws {
        switch (options.signal, options.label, options.prediction) {
        case (let signal?, nil, nil):
            let column = try table.asked(signal, option: "--signal")
            (source, name) = (.column, signal)
            for row in 0..<column.count { append(Self.cell(column, row)) }
        case (nil, let label?, let prediction?):
            let actual = try table.asked(label, option: "--label")
            let predicted = try table.asked(prediction, option: "--prediction")
            name = "\(prediction) against \(label)"
            if Self.holdsNumbers(actual), Self.holdsNumbers(predicted) {
                source = .absoluteError
                for row in 0..<actual.count { append(Self.error(Self.cell(actual, row), Self.cell(predicted, row))) }
            } else {
                source = .classError
                for cell in try Self.classErrors(actual, predicted) { append(cell) }
            }
        case (nil, nil, nil):
            throw MetricsError("what is to be watched? Give --signal COLUMN, or --label and --prediction for the error")
        case (.some, _, _):
            throw MetricsError("--signal is one column; --label and --prediction watch the error instead: give one")
        case (nil, _, _):
            throw MetricsError("an error needs both --label and --prediction")
        }
        guard usedCount > 0 else {
            let example = text > 0 ? ", but text" : ""
            throw MetricsError("no row of \"\(name)\" has a number\(example): there is nothing to watch")
        }
    }

    private enum Cell {
        case number(Double)
        case missing, infinite, text
    }

    private static func cell(_ column: TableColumn, _ row: Int) -> Cell {
        let number = column.number(at: row)
        if number.magnitude <= largest { return .number(number) }
        if !number.isNaN { return .infinite }
        return column.text(at: row) == nil ? .missing : .text
    }

    private mutating func append(_ cell: Cell) {
        switch cell {
        case .number(let number):
            values.append(number)
            return
        case .missing: missing += 1
        case .infinite: infinite += 1
        case .text: text += 1
        }
        values.append(.nan)
    }

    /// What is wrong with either side is wrong with the error; missing is said first.
    private static func error(_ actual: Cell, _ predicted: Cell) -> Cell {
        switch (actual, predicted) {
        case (.number(let actual), .number(let predicted)):
            let error = (predicted - actual).magnitude
            return error <= largest ? .number(error) : .infinite
        case (.missing, _), (_, .missing): return .missing
        case (.text, _), (_, .text): return .text
        default: return .infinite
        }
    }

    /// A column of numbers stays one with some text in it, which is then counted as such.
    private static func holdsNumbers(_ column: TableColumn) -> Bool {
        guard column.kind == .categorical else { return true }
        let numbers = (0..<column.count).count { !column.number(at: $0).isNaN }
        return numbers * 2 > column.count - column.missingCount
    }

    private static func classErrors(_ actual: TableColumn, _ predicted: TableColumn) throws -> [Cell] {
        let labels = (0..<actual.count).map { actual.text(at: $0).map(canonical) }
        let said = (0..<predicted.count).map { predicted.text(at: $0).map(canonical) }
        let known = Set(labels.compactMap(\.self))
        if !known.isEmpty, let example = said.lazy.compactMap(\.self).first,
            !said.contains(where: { $0.map(known.contains) ?? false })
        {
            throw MetricsError(
                "--prediction: \"\(example)\" is no label of \"\(actual.name)\", and no other prediction is one")
        }
        return zip(labels, said).map { label, said in
            guard let label, let said else { return .missing }
            return .number(label == said ? 0 : 1)
        }
    }

    /// `true`, `1` and `1.0` are one label.
    private static func canonical(_ text: String) -> String {
        switch text.lowercased() {
        case "true", "1", "1.0": "1"
        case "false", "0", "0.0": "0"
        default: text
        }
    }
}
