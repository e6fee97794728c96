import Statistics
import Testing
import TidewatchTestKit

@testable import Learning

/// A whole weight is as many equal rows: the steps without weights are the oracle.
@Suite struct WeightedPreparationTests {
    private let problem = LearningProblem(
        task: .regression, target: "outcome", features: ["amount", "colour", "flag"], weight: "times")

    /// Weights of 0 to 4, missing cells in every column.
    private func table() throws -> Table {
        var stream = DriftStream(seed: 5)
        var (amounts, colours, flags, times, outcomes) = (
            [Double](), [String?](), [Bool?](), [Double](), [Double]()
        )
        for row in 0..<60 {
            // Few different numbers, so that some are more frequent than others.
            amounts.append(row % 7 == 0 ? .nan : (stream.normal(mean: 3, deviation: 2) * 2).rounded() / 2)
            colours.append(row % 11 == 0 ? nil : ["red", "green", "blue"][Int(stream.uniform() * 3)])
            flags.append(row % 13 == 0 ? nil : stream.uniform() < 0.5)
            // More of the great amounts than of the small ones.
            let many = amounts[row].isNaN ? stream.uniform() * 5 : min(4, max(0, amounts[row] - 1))
            times.append(Double(Int(many)))
            outcomes.append(stream.normal() + (colours[row] == "red" ? 2 : 0))
        }
        return try Table(columns: [
            TableColumn(name: "amount", numbers: amounts), TableColumn(name: "colour", texts: colours),
            TableColumn(name: "flag", booleans: flags), TableColumn(name: "times", numbers: times),
            TableColumn(name: "outcome", numbers: outcomes),
        ])
    }

    private func repeated(_ table: Table) throws -> Table {
        let times = try table.numbers("times")
        return table.rows((0..<table.rowCount).flatMap { row in Array(repeating: row, count: Int(times[row])) })
    }

    /// What a preparation makes of the weighted rows, against what it makes of as many equal ones.
    private func compare(_ preparation: Preparation) throws {
        let table = try table()
        let weighted = try preparation.fit(table, problem: problem, seed: 1).fitted
        var plain = problem
        plain.weight = nil
        let counted = try preparation.fit(repeated(table), problem: plain, seed: 1).fitted
        let (one, two) = (try weighted.apply(table), try counted.apply(table))
        for name in weighted.featureNames {
            expectClose(try one.numbers(name), try two.numbers(name).map { $0.isNaN ? nil : $0 }, name)
        }
        let unweighted = try preparation.fit(table, problem: plain, seed: 1).fitted
        #expect(try unweighted.apply(table) != one, "the weights make no difference")
    }

    @Test(arguments: [Imputation.Strategy.mean, .median, .mostFrequent])
    func imputation(_ strategy: Imputation.Strategy) throws {
        try compare(
            Preparation(
                .impute(Imputation(strategy: strategy)),
                .encode(CategoryEncoding(method: .oneHot(maximumCategories: 10)))))
    }

    @Test func standardScaling() throws {
        try compare(
            Preparation(.scale(Scaling(columns: .names(["amount"]))), .encode(CategoryEncoding(method: .ordinal))))
    }

    @Test(arguments: [TargetEncodingParameters.Smoothing.automatic, .rows(3)])
    func targetEncoding(_ smoothing: TargetEncodingParameters.Smoothing) throws {
        try compare(
            Preparation(.encode(CategoryEncoding(method: .target(TargetEncodingParameters(smoothing: smoothing))))))
    }

    /// 1, 2 and 10 of weights 1, 1 and 2: half of the weight ends at 2, so that the median is between 2 and 10.
    @Test func medianOfAWorkedExample() {
        #expect(OrderStatistics.median([10, 1, .nan, 2], weights: [2, 1, 9, 1]) == 6)
        #expect(OrderStatistics.median([10, 1, 2], weights: [3, 1, 1]) == 10)
        #expect(OrderStatistics.median([1, 2], weights: [0, 0]) == nil)
        #expect(Moments.of([1, 2], weights: [0, 0]) == nil)
    }

    @Test func badWeightsAreRefused() throws {
        let step = Preparation(.scale(Scaling(columns: .names(["amount"]))))
        var table = try table().dropping(["times"])
        #expect(learningError { _ = try step.fit(table, problem) }?.code == .unknownColumn)
        let bad = TableColumn(name: "times", numbers: Array(repeating: -1, count: table.rowCount))
        table = try Table(columns: table.columns + [bad])
        #expect(learningError { _ = try step.fit(table, problem) }?.code == .invalidInput)
    }
}
