import Statistics

/// Trees of any parameters grow on the same matrix, whose bins the library keeps.
extension BoostedTreeLearner: FoldLearner {
    struct EncodedFold: FoldWork {
        let training: BoostedTable
        /// Row by row, NaN for missing.
        let test: [Float]
        let testRows: Int

        /// XGBoost has 8 bytes a cell and up to 8 of bins.
        var bytes: Int { 16 * training.rows.labels.count * training.schema.features.count + 4 * test.count }
    }

    var foldKey: FoldKey { .boostedTrees(maximumCategories: parameters.maximumCategories) }

    func work(
        training: Table, test: Table, problem: LearningProblem, control: TrainingControl
    ) throws(LearningError) -> EncodedFold {
        try parameters.validate()
        let table = try BoostedTable(
            training, problem: problem, maximumCategories: parameters.maximumCategories, threads: parameters.threads)
        var counts = AlignmentCounts()
        let cells = FeatureEncoder(schema: table.schema).encode(test, rows: 0..<test.rowCount, counts: &counts)
        return EncodedFold(training: table, test: cells, testRows: test.rowCount)
    }

    func predictions(
        _ work: EncodedFold, problem: LearningProblem, control: TrainingControl
    ) throws(LearningError) -> Predictions {
        try parameters.validate()
        let table = work.training
        let ubj = try grow(on: table, control: control)
        let output: [Float]
        if let flat = FlatTrees(ubj: ubj, schema: table.schema) {
            output = flat.predict(work.test, rows: work.testRows)
        } else {
            let booster = try Booster.loaded(fromUBJ: ubj, threads: parameters.threads)
            output = try booster.predict(work.test, rows: work.testRows, columns: table.schema.features.count)
        }
        return Predictions(
            task: problem.task, numbers: output.map { Double($0) }, negativeLabel: table.target.negativeLabel)
    }
}
