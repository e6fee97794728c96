import Events
import Statistics

extension CSVMapping {
    /// The columns of a model's scored table. What a regression predicts is a number, not a label.
    init(
        of model: ModelConfiguration, prediction: String?, score: String?, outcome: String?, time: String?, id: String?,
        excluded: [String]
    ) {
        self.init(
            model: model.name, predictionColumn: prediction, scoreColumn: score, outcomeColumn: outcome,
            timeColumn: time, idColumn: id, excludedColumns: excluded)
        if case .regression = model.task {
            valueColumn = prediction
            predictionColumn = nil
        }
    }
}
