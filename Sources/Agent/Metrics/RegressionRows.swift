import Learning
import Statistics

/// Predicted numbers.
struct RegressionRows: MetricsRows {
    let usable: [Int]
    private let actual: [Double]
    private let predicted: [Double]
    private let quantile: Double

    init(_ table: MetricsTable) throws {
        let options = table.options
        guard let name = options.prediction ?? options.scores.first else {
            throw MetricsError("a regression needs --prediction: which column has the predicted numbers?")
        }
        let actual = try table.numbers(options.label, option: "--label")
        let predicted = try table.numbers(name, option: "--prediction")
        usable = actual.indices.filter { actual[$0].isFinite && predicted[$0].isFinite }
        (self.actual, self.predicted, quantile) = (actual, predicted, options.quantile)
    }

    func metrics(_ rows: [Int]) -> [MetricsReport.Named] {
        let sample = RegressionSample(predicted: rows.map { predicted[$0] }, actual: rows.map { actual[$0] })
        return named(sample.metrics).map {
            $0.name == PerformanceMetric.pinball.rawValue ? ($0.name, sample.pinball(quantile: quantile)) : $0
        }
    }

    func fill(_ report: inout MetricsReport) {
        report.residuals = (usable.map { predicted[$0] }, usable.map { predicted[$0] - actual[$0] })
    }
}
