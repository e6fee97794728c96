import Learning
import Statistics
import Windowing

extension RetrainingRun {
    /// Fewer rows of the hold-out say too little of what the version predicts.
    static let minimumPredictions = 200

    /// The reference of a new version: the features of all rows, and what it said of the hold-out, in the form in which
    /// production logs it: scores of a binary model only where the rows' own events carry some (the threshold behind a
    /// logged class is not known here).
    static func reference(of rows: [LabelledRow], holdout: [LabelledRow], said: Predictions) -> ReferenceProfile {
        let features = ReferenceBuilder.build(columns: FeatureColumns.columns(of: rows))
        let names = features.columns.map(\.name)
        guard holdout.count >= minimumPredictions,
            let logged = PredictionColumn.column(of: holdout, task: said.task, beside: names),
            let values = values(of: said, as: logged.values.kind)
        else { return features }
        return ReferenceProfile(
            rows: features.rows, columns: features.columns,
            predictions: ReferenceBuilder.column(logged.name, values))
    }

    private static func values(of said: Predictions, as kind: ColumnKind) -> ReferenceBuilder.ColumnValues? {
        switch (said.task, kind) {
        case (.binary, .numeric): .numeric(said.probabilities)
        case (.regression, .numeric): .numeric(said.values)
        case (.multiclass, .categorical): .categorical(said.labels().map { $0.isEmpty ? nil : $0 })
        default: nil
        }
    }
}
