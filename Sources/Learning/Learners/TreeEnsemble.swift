import Statistics
import Synchronization

/// A booster loaded from its bytes, with what turns tables into its matrix. It may be used from any thread; where XGBoost
/// itself is asked, threads take turns.
final class TreeEnsemble: Sendable {
    let schema: FeatureSchema
    let ubj: [UInt8]
    let rounds: Int
    let booster: Mutex<Booster>
    /// What predicts in XGBoost's place; `nil` for models that only XGBoost can predict.
    let flat: FlatTrees?
    private let encoder: FeatureEncoder
    private let threads: Int

    /// Rows encoded and predicted at a time: bounds memory (64 MiB of cells), and the time another thread waits for its
    /// turn.
    private var blockRows: Int { max(1, min(8_192, (16 << 20) / schema.features.count)) }

    /// - Throws: `LearningError(.corruptModel)` if the bytes do not fit the schema.
    init(schema: FeatureSchema, ubj: [UInt8], threads: Int) throws(LearningError) {
        try LibraryCall.silence()
        let loaded: Booster
        do {
            loaded = try Booster.loaded(fromUBJ: ubj, threads: threads)
        } catch {
            throw ModelContainer.corrupt(error.message)
        }
        let features = try loaded.featureCount()
        guard features == schema.features.count, features > 0 else {
            throw ModelContainer.corrupt("it has \(features) features, its description \(schema.features.count)")
        }
        rounds = try loaded.roundCount()
        self.schema = schema
        self.ubj = ubj
        self.threads = threads
        flat = FlatTrees(ubj: ubj, schema: schema)
        encoder = FeatureEncoder(schema: schema)
        booster = Mutex(loaded)
    }

    /// - Parameter outputs: numbers per row.
    /// - Throws: `LearningError`: `.libraryFailure` if XGBoost refuses, `.corruptModel` if it gives another count.
    func predict(
        _ table: Table, outputs: Int
    ) throws(LearningError) -> (values: [Double], alignment: AlignmentCounts) {
        if let flat {
            return try forEachBlock(of: table, outputs: outputs) { cells, rows in flat.predict(cells, rows: rows) }
        }
        return try forEachBlock(of: table, outputs: outputs) { cells, rows throws(LearningError) in
            try self.booster.withLock { booster throws(LearningError) in
                try booster.predict(cells, rows: rows, columns: self.schema.features.count)
            }
        }
    }

    /// What XGBoost's prediction types 2 to 6 say of each row.
    /// - Parameter outputs: numbers per row.
    func explain(
        _ table: Table, kind: Int, outputs: Int
    ) throws(LearningError) -> (values: [Double], alignment: AlignmentCounts) {
        try forEachBlock(of: table, outputs: outputs) { cells, rows throws(LearningError) in
            try self.booster.withLock { booster throws(LearningError) in
                let matrix = try TrainingMatrix.filled(
                    matrix: cells, rows: rows, schema: self.schema, threads: self.threads)
                return try booster.predict(matrix, kind: kind)
            }
        }
    }

    private func forEachBlock(
        of table: Table, outputs: Int,
        _ body: (_ cells: [Float], _ rows: Int) throws(LearningError) -> [Float]
    ) throws(LearningError) -> (values: [Double], alignment: AlignmentCounts) {
        var counts = AlignmentCounts()
        var output: [Double] = []
        output.reserveCapacity(table.rowCount * outputs)
        for start in stride(from: 0, to: table.rowCount, by: blockRows) {
            let range = start..<min(start + blockRows, table.rowCount)
            let block = try body(encoder.encode(table, rows: range, counts: &counts), range.count)
            guard block.count == range.count * outputs else {
                throw ModelContainer.corrupt("it gives \(block.count) numbers for \(range.count) rows of \(outputs)")
            }
            output.append(contentsOf: block.lazy.map { Double($0) })
        }
        return (output, counts)
    }
}
