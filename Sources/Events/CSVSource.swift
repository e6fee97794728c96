public import Storage

/// A scored table as events: each row becomes a prediction, and an outcome of the same time where its outcome cell is
/// not missing. Gzip or not; read as it is asked for.
///
/// Cells that look like numbers become JSON numbers, `true` and `false` booleans, missing ones `null`.
public struct CSVSource: EventSource {
    /// Rows left out because they could not be read (``CSVMapping/MalformedRows/count``).
    public private(set) var malformedRowCount = 0
    /// The first of them, for the report.
    public private(set) var firstMalformedRow: StorageError?

    private var reader: CSVReader
    private let malformedRows: CSVMapping.MalformedRows
    private var events: CSVEvents
    /// The number of the row read last, from 0; rows that could not be read have theirs too.
    private var row: Int64 = -1
    private var outcome: SourceMessage?

    /// - Throws: `StorageError` when the file cannot be read, has no column of a given name, or its rows would have no
    ///   time.
    public init(path: String, mapping: CSVMapping, source: Int = 0) throws(StorageError) {
        reader = try CSVReader(path: path)
        malformedRows = mapping.malformedRows
        events = CSVEvents(
            mapping: mapping, layout: try CSVLayout(mapping, header: reader.header, path: path), source: source)
    }

    public mutating func next(maximum: Int) throws -> [SourceMessage] {
        precondition(maximum > 0)
        var messages: [SourceMessage] = []
        while messages.count < maximum {
            if let waiting = outcome {
                outcome = nil
                messages.append(waiting)
            } else if let prediction = try nextPrediction() {
                messages.append(prediction)
            } else {
                break
            }
        }
        return messages
    }

    /// The prediction of the next readable row; leaves its outcome in `outcome`.
    private mutating func nextPrediction() throws(StorageError) -> SourceMessage? {
        while true {
            row += 1
            do throws(StorageError) {
                guard let cells = try reader.nextRow() else { return nil }
                let (prediction, outcome) = try events.messages(of: cells, row: row)
                self.outcome = outcome
                return prediction
            } catch {
                // A row that says nothing of where it is, is said to be where the reader is.
                let error = error.path.isEmpty ? error.at(path: reader.path, line: reader.lineNumber) : error
                guard error.code == .malformed, malformedRows == .count else { throw error }
                malformedRowCount += 1
                if firstMalformedRow == nil { firstMalformedRow = error }
            }
        }
    }
}
