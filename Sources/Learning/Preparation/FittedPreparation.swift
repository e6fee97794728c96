import Foundation
import Statistics

/// A preparation fitted on training rows: serving applies it as it is.
public struct FittedPreparation: Codable, Sendable, Equatable {
    struct Input: Codable, Sendable, Equatable {
        let name: String
        let kind: ColumnKind
    }

    /// A column that is no feature: it goes through unchanged where there is one.
    struct Other: Codable, Sendable, Equatable {
        let name: String
        let kind: ColumnKind
        /// Whether a step reads it: an absent one then counts as missing cells.
        let isNeeded: Bool
    }

    let inputs: [Input]
    let others: [Other]
    let steps: [FittedStep]
    /// The features it makes, in the order of the prepared table.
    public let featureNames: [String]
    public let trainingRows: Int
    /// Training rows that were dropped as outliers.
    public let droppedRows: Int
    /// What a reader of the model card should know: columns without a value, infinite cells and the like.
    public let notes: [String]

    /// The columns it reads.
    public var inputNames: [String] { inputs.map(\.name) + others.filter(\.isNeeded).map(\.name) }

    /// The problem of a learner behind it: the same, with the prepared features.
    public func problem(_ problem: LearningProblem) -> LearningProblem {
        var prepared = problem
        prepared.features = featureNames
        return prepared
    }

    /// Prepares a table; no row is dropped. Lags and forward fills see the rows of this table only.
    public func apply(_ table: Table) throws(LearningError) -> Table {
        var state = PreparationState()
        return try apply(table, state: &state).table
    }

    /// Prepares a table that goes on where an earlier one ended.
    ///
    /// Columns are found by name. An absent column counts as missing cells, and so do infinities, numbers beyond
    /// 1e100 and cells of another kind that cannot be read; `counts` says how many.
    /// - Parameter state: what lags, rolling statistics and forward fills remember of each entity; bounded.
    /// - Throws: `.corruptModel` for a preparation whose steps do not fit each other.
    public func apply(
        _ table: Table, state: inout PreparationState
    ) throws(LearningError) -> (table: Table, counts: AlignmentCounts) {
        var context = ApplyContext()
        swap(&context.state, &state)
        defer { swap(&context.state, &state) }
        var columns = aligned(table, counts: &context.counts)
        for (index, step) in steps.enumerated() {
            context.step = index
            try step.transform.apply(&columns, &context)
        }
        guard columns.features.count == featureNames.count else {
            throw LearningError(
                .corruptModel,
                "the preparation makes \(columns.features.count) features and promises \(featureNames.count)",
                advice: "Restore it from a copy, or fit it again.")
        }
        return (columns.table(), context.counts)
    }

    /// Undoes what can be undone, the last step first: scaling, ordinal and one-hot encoding. Columns of other steps
    /// and columns that the preparation did not make stay as they are.
    public func inverse(_ table: Table) throws(LearningError) -> Table {
        var columns = WorkingColumns(features: table.columns, others: [], rowCount: table.rowCount)
        for step in steps.reversed() { try step.transform.invert(&columns) }
        return columns.table()
    }

    /// One sentence per step, in order, then the notes.
    public func describe() -> [String] { steps.map(\.transform.description) + notes }

    /// JSON with sorted keys: equal preparations, equal bytes.
    public func serialized() throws(LearningError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self))
        } catch {
            throw LearningError(
                .invalidParameter, "the preparation cannot be written: \(error)",
                advice: "Check its steps for parameters that are not numbers.")
        }
    }

    /// - Throws: `.corruptModel`.
    public init(serialized bytes: [UInt8]) throws(LearningError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch {
            throw LearningError(
                .corruptModel, "the preparation cannot be read: \(error)",
                advice: "Restore it from a copy, or fit it again.")
        }
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            inputs: try values.decode([Input].self, forKey: .inputs),
            others: try values.decode([Other].self, forKey: .others),
            steps: try values.decode([FittedStep].self, forKey: .steps),
            featureNames: try values.decode([String].self, forKey: .featureNames),
            trainingRows: try values.decode(Int.self, forKey: .trainingRows),
            droppedRows: try values.decode(Int.self, forKey: .droppedRows),
            notes: try values.decode([String].self, forKey: .notes))
        if let place = steps.firstIndex(where: { !$0.transform.isConsistent }) {
            throw DecodingError.dataCorruptedError(
                forKey: .steps, in: values, debugDescription: "the parts of step \(place + 1) do not fit each other")
        }
    }

    init(
        inputs: [Input], others: [Other], steps: [FittedStep], featureNames: [String], trainingRows: Int,
        droppedRows: Int, notes: [String]
    ) {
        self.inputs = inputs
        self.others = others
        self.steps = steps
        self.featureNames = featureNames
        self.trainingRows = trainingRows
        self.droppedRows = droppedRows
        self.notes = notes
    }

    private func aligned(_ table: Table, counts: inout AlignmentCounts) -> WorkingColumns {
        var positions: [String: Int] = [:]
        positions.reserveCapacity(table.columns.count)
        for (index, column) in table.columns.enumerated() { positions[column.name] = index }
        let features = inputs.map { input -> TableColumn in
            if let position = positions[input.name] {
                return table.columns[position].aligned(to: input.kind, counts: &counts)
            }
            counts.absentColumns += 1
            return .missing(name: input.name, kind: input.kind, rows: table.rowCount)
        }
        let rest = others.compactMap { other -> TableColumn? in
            if let position = positions[other.name] { return table.columns[position] }
            guard other.isNeeded else { return nil }
            counts.absentColumns += 1
            return .missing(name: other.name, kind: other.kind, rows: table.rowCount)
        }
        return WorkingColumns(features: features, others: rest, rowCount: table.rowCount)
    }
}
