import Events
public import Statistics

/// The features of stored prediction messages, column by column.
public enum FeatureColumns {
    /// Reads messages into columns, sorted by name. A column's kind is that of most of its present values; the others
    /// count as missing, as they would on the stream, so that one wrong value does not turn a column into another kind.
    /// Where no kind has most of them it is categorical.
    ///
    /// A message that no longer decodes is a row of missing values; all were valid when they were kept.
    public static func columns(
        of messages: [RetainedPrediction]
    ) -> [(name: String, values: ReferenceBuilder.ColumnValues)] {
        let decoder = EventDecoder(limits: .unlimited)
        var cells: [String: [Int: Cell]] = [:]
        for (row, prediction) in messages.enumerated() {
            prediction.message.withUnsafeBytes { bytes in
                guard
                    case .event(let event) = decoder.decode(
                        bytes, recordTimeMicroseconds: prediction.recordMicroseconds)
                else { return }
                for feature in event.features {
                    cells[String(decoding: feature.name, as: UTF8.self), default: [:]][row] = Cell(feature)
                }
            }
        }
        return cells.sorted { $0.key < $1.key }.map { (name: $0.key, values: values($0.value, rows: messages.count)) }
    }

    /// The same of labelled rows.
    public static func columns(
        of rows: [LabelledRow]
    ) -> [(name: String, values: ReferenceBuilder.ColumnValues)] {
        columns(of: rows.map(RetainedPrediction.init))
    }

    private enum Cell {
        case number(Double)
        case text(String)
        case boolean(Bool)
        case missing

        init(_ feature: FeatureEntry) {
            switch feature.tag {
            case .number: self = .number(feature.number)
            case .string: self = .text(String(decoding: feature.text, as: UTF8.self))
            case .boolean: self = .boolean(feature.number != 0)
            default: self = .missing
            }
        }
    }

    private static func values(_ cells: [Int: Cell], rows: Int) -> ReferenceBuilder.ColumnValues {
        var numbers = 0
        var texts = 0
        var booleans = 0
        for cell in cells.values {
            switch cell {
            case .number: numbers += 1
            case .text: texts += 1
            case .boolean: booleans += 1
            case .missing: break
            }
        }
        if numbers > max(texts, booleans) || (texts == 0 && booleans == 0) {
            return .numeric((0..<rows).map { if case .number(let number)? = cells[$0] { number } else { .nan } })
        }
        if booleans > max(texts, numbers) {
            return .boolean((0..<rows).map { if case .boolean(let flag)? = cells[$0] { flag } else { nil } })
        }
        return .categorical((0..<rows).map { if case .text(let text)? = cells[$0] { text } else { nil } })
    }
}
