import Testing
import TidewatchTestKit

@testable import Statistics

@Suite struct CovariateAdjustmentTests {
    @Test func coefficientsEqualLeastSquares() throws {
        let known = try ExperimentGolden.load().cuped
        let arms = try known["arms"].numbers().map { Int($0) }
        let covariates = [try known["x1"].numbers(), try known["x2"].numbers()]
        for (name, count) in [("one", 1), ("two", 2)] {
            let expected = known[name]
            let adjustment = CovariateAdjustment(
                values: try known["y"].numbers(), covariates: Array(covariates[..<count]), arms: arms)
            for (found, theta) in zip(adjustment.coefficients, try expected["theta"].list()) {
                try expectStatistic(found, theta, name)
            }
            try expectStatistic(adjustment.reduction, expected["r2"], name)
            let sides = (0...1).map { arm in
                ArmSummary(zip(adjustment.values, arms).filter { $0.1 == arm }.map(\.0))
            }
            let effect = MeanDifference.welch(control: sides[0], treatment: sides[1])
            try expectStatistic(effect.difference, expected["difference"], name)
            try expectStatistic(effect.statistic, expected["t"], name)
            try expectPValue(effect.pValue, expected["p"], name)
        }
    }

    @Test func uselessCovariatesChangeNothing() {
        let values = [1.0, 2, 3, 4]
        let constant = CovariateAdjustment(values: values, covariates: [[7, 7, 7, 7]], arms: [0, 1, 0, 1])
        #expect(constant.coefficients == [0])
        #expect(constant.values == values)
        #expect(constant.reduction == 0)
        let none = CovariateAdjustment(values: values, covariates: [], arms: [0, 0, 1, 1])
        #expect(none.values == values)
        let copied = CovariateAdjustment(
            values: values, covariates: [[1, 2, 3, 5], [1, 2, 3, 5]], arms: [0, 0, 0, 0])
        #expect(agree(copied.coefficients[0], 0.742857142857143, within: 1e-9))
        #expect(copied.coefficients[1] == 0)
        #expect(agree(copied.reduction, 0.965714285714286, within: 1e-9))
    }
}
