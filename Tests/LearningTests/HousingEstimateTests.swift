import Learning
import Statistics
import Testing

/// CBPE on the deployed model's log of `nannyml_california_housing`, held against NannyML 0.13.1 (chunks of 2,000 rows,
/// calibrated on the reference partition).
@Suite(.enabled(if: dataFolder != nil)) struct HousingEstimateTests {
    private static let metrics: [PerformanceMetric] = [.rocAUC, .f1, .accuracy, .precision, .recall, .specificity]
    private static let expected: [[Double]] = [
        [
            0.7966933856114793, 0.07283610989602717, 0.6345849883568119, 0.9568753424566834, 0.03785894171613973,
            0.998958138145356,
        ],
        [
            0.7845557938645946, 0.19789004738299426, 0.6249320212497372, 0.9539559061333754, 0.11039530802630083,
            0.9961557151073503,
        ],
        [
            0.9058820572053806, 0.6521890140212581, 0.6511878800285505, 0.9718666645223977, 0.49076191526842045,
            0.9716239387134818,
        ],
        [
            0.8805645729207443, 0.22407065477500263, 0.668241043389182, 0.9580440164136584, 0.12687195347141675,
            0.996629698448622,
        ],
    ]

    @Test func estimatesAreNannyMLs() throws {
        let table = try realTable("nannyml_california_housing")
        func numbers(_ name: String) throws -> [Double] {
            let column = try #require(table[name])
            return (0..<column.count).map { column.number(at: $0) }
        }
        let (scores, labels, decisions) = (
            try numbers("y_pred_proba"), try numbers("clf_target"), try numbers("y_pred")
        )
        let reference = 0..<5_832
        let calibration = try #require(
            IsotonicCalibration(
                scores: reference.map { scores[$0] }, labels: reference.map { labels[$0] == 1 }))
        for (chunk, expected) in Self.expected.enumerated() {
            let rows = (5_832 + chunk * 2_000)..<(5_832 + (chunk + 1) * 2_000)
            var summary = PredictionSummary()
            for row in rows { summary.add(score: scores[row], predictedPositive: decisions[row] == 1) }
            let whole = EstimatedPerformance(
                scores: rows.map { scores[$0] }, predicted: rows.map { decisions[$0] == 1 },
                calibrator: .isotonic(calibration))
            let streamed = EstimatedPerformance(summary, calibrator: .isotonic(calibration))
            for (metric, value) in zip(Self.metrics, expected) {
                let found = try #require(whole.metric(metric).value)
                #expect((found - value).magnitude < 1e-6, "\(metric) of chunk \(chunk): \(found), not \(value)")
                // The scores have two decimals; the centre of a bin is up to 1/4096 away.
                let binned = try #require(streamed.metric(metric).value)
                #expect((binned - value).magnitude < 0.02, "\(metric) of the histogram, chunk \(chunk): \(binned)")
            }
        }
    }
}
