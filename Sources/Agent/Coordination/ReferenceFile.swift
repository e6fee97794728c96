import Detection
import Events
public import Learning
public import Statistics
import Windowing

/// A reference that the configuration reads from a table: its profile, and its rows in order of time where a column
/// tells the time.
struct ReferenceFile {
    let encoder: ReferenceEncoder
    let chunks: ReferenceChunks?
    /// The labels of the table's rows, where it says them.
    let outcomes: OutcomeHistory?
    /// Some of its rows, in the table's order; `nil` where no statistic asks for whole rows.
    let rows: MultivariateRows?
    /// Where drift is judged by segment.
    let segments: SegmentDriftWatch?

    /// - Returns: `nil` where the model's reference is no table.
    /// - Throws: what is wrong with the table.
    init?(of model: ModelConfiguration) throws {
        guard case .file(let file) = model.reference.source else { return nil }
        let whole = try Table.read(path: file.path)
        guard whole.rowCount > 0 else {
            throw LearningError(
                .noRows, "\(file.path), the reference of \(model.name), has a header and no rows",
                advice: "Give it the rows that the model was trained on.")
        }
        let table = whole.dropping(file.columnsThatAreNoFeatures)
        let predictions = try file.prediction.map { name in
            try PredictionsOfTable.column(whole, named: name, path: file.path, task: model.task)
                .named(ModelColumn.prediction.name(beside: table.columnNames))
        }
        let encoder = ReferenceEncoder(table.referenceProfile(predictions: predictions))
        self.encoder = encoder
        rows =
            model.multivariateSettings == nil ? nil : table.multivariateRows(limit: MultivariateSettings.referenceRows)
        let panes = try file.time.map { name in
            try Self.panes(of: whole, timeColumn: name, path: file.path, geometry: model.geometry)
        }
        outcomes = file.target.flatMap { whole[$0] }.flatMap {
            OutcomeHistory($0, panes: panes, task: model.task, geometry: model.geometry)
        }
        chunks = panes.map { panes in
            ReferenceChunks(
                Dictionary(grouping: 0..<table.rowCount) { panes[$0] }.sorted { $0.key < $1.key }.map {
                    (pane: $0.key, summary: table.summary(of: $0.value, predictions: predictions, on: encoder))
                },
                geometry: model.geometry)
        }
        segments =
            model.segments.settings.countsDrift
            ? table.segments(of: model, on: encoder, panes: panes, predictions: predictions) : nil
    }

    /// Puts the references in force that the configuration reads from tables.
    ///
    /// - Returns: by model.
    /// - Throws: what is wrong with a table.
    static func load(of configuration: AgentConfiguration, into catalog: ReferenceCatalog) throws -> [String: Self] {
        var files: [String: Self] = [:]
        for model in configuration.models {
            guard let file = try Self(of: model) else { continue }
            catalog.setDefault(file.encoder, forModel: model.name)
            files[model.name] = file
        }
        return files
    }

    /// The pane of each row.
    private static func panes(
        of table: Table, timeColumn: String, path: String, geometry: PaneGeometry
    ) throws -> [Int64] {
        guard let column = table[timeColumn] else {
            throw LearningError(
                .unknownColumn, "\(path) has no column \"\(timeColumn)\", which reference.time names",
                advice: "Its columns: \(table.columnNames.joined(separator: ", ")).")
        }
        return try (0..<table.rowCount).map { row in
            guard let time = column.time(at: row) else {
                throw LearningError(
                    .invalidInput,
                    "\(path), row \(row + 1): \"\(column.text(at: row) ?? "")\" in \(timeColumn) is no time",
                    advice: "Write RFC 3339 (2026-11-22T10:00:00Z) or seconds since 1970, or take reference.time away.")
            }
            return geometry.pane(at: time)
        }
    }
}

extension TableColumn {
    /// Microseconds since 1970 UTC; `nil` for what is no time.
    fileprivate func time(at row: Int) -> Int64? {
        if case .numeric(let numbers) = values { return EventTime.parse(epoch: numbers[row]) }
        return text(at: row).flatMap(EventTime.parse)
    }
}

extension Table {
    /// The profile of the table's columns.
    public var referenceProfile: ReferenceProfile { referenceProfile(predictions: nil) }

    /// The profile of the table's columns, and of what the model said of the same rows.
    func referenceProfile(predictions: TableColumn?) -> ReferenceProfile {
        ReferenceBuilder.build(
            columns: columns.map { (name: $0.name, values: $0.referenceValues) },
            predictions: predictions.map { (name: $0.name, values: $0.referenceValues) })
    }

    /// Some of the rows, counted on the table's own profile.
    func summary(of rows: [Int], predictions: TableColumn?, on encoder: ReferenceEncoder) -> PaneSummary {
        let pane = PaneAccumulator(encoder: encoder)
        for column in columns {
            var name = column.name
            guard let index = name.withUTF8({ encoder.columnIndex(ofUTF8: UnsafeRawBufferPointer($0)) }) else {
                continue
            }
            column.count(rows, at: index, into: pane)
        }
        if let predictions, let index = encoder.predictionColumn { predictions.count(rows, at: index, into: pane) }
        pane.events = Int64(rows.count)
        return pane.summary()
    }
}

extension TableColumn {
    /// The cells as a reference is built from them.
    var referenceValues: ReferenceBuilder.ColumnValues {
        switch values {
        case .numeric(let numbers): .numeric(numbers)
        case .categorical: .categorical((0..<count).map { text(at: $0) })
        case .boolean(let flags): .boolean(flags.map { $0 < 0 ? nil : $0 != 0 })
        }
    }

    fileprivate func named(_ name: String) -> TableColumn { TableColumn(name: name, values: values) }

    fileprivate func count(_ rows: [Int], at index: Int, into pane: PaneAccumulator) {
        switch values {
        case .numeric(let numbers):
            for row in rows { pane.add(numeric: numbers[row], column: index) }
        case .boolean(let flags):
            for row in rows {
                if flags[row] < 0 {
                    pane.addMissing(column: index)
                } else {
                    pane.add(boolean: flags[row] == 1, column: index)
                }
            }
        case .categorical(let codes, let categories):
            let texts = categories.map { Array($0.utf8) }
            for row in rows {
                if codes[row] < 0 {
                    pane.addMissing(column: index)
                } else {
                    texts[Int(codes[row])].withUnsafeBytes { pane.add(category: $0, column: index) }
                }
            }
        }
    }
}
