import Foundation
import Learning
import Statistics
import Testing

@Suite struct BoostingParametersTests {
    /// The headers of models from before there were other kinds of trees.
    @Test func olderParametersAreRead() throws {
        let text =
            #"{"rounds":7,"learningRate":0.5,"maximumDepth":3,"minimumChildWeight":1,"subsample":1,"columnSample":1,"#
            + #""lambda":1,"maximumBins":256,"maximumCategories":256,"seed":4,"threads":1}"#
        let read = try JSONDecoder().decode(BoostingParameters.self, from: Data(text.utf8))
        #expect(read == BoostingParameters(rounds: 7, learningRate: 0.5, maximumDepth: 3, seed: 4))
        let empty = try JSONDecoder().decode(BoostingParameters.self, from: Data("{}".utf8))
        #expect(empty == BoostingParameters())
    }

    @Test func everyParameterIsKept() throws {
        var given = BoostingParameters.randomForest(trees: 9, maximumDepth: 4, seed: 2)
        (given.maximumLeaves, given.alpha, given.gamma, given.columnSampleByLevel) = (5, 1, 2, 0.5)
        (given.dropRate, given.dropSkip, given.dropsAtLeastOne) = (0.3, 0.4, true)
        (given.monotone, given.quantile) = (["x": .decreasing], 0.3)
        (given.earlyStoppingRounds, given.earlyStoppingMetric) = (3, .rocAUC)
        let learner = BoostedTreeLearner(parameters: given)
        let bytes = try JSONEncoder().encode(learner)
        #expect(try JSONDecoder().decode(BoostedTreeLearner.self, from: bytes) == learner)
    }

    @Test func aForestThatNamesNothingElseIsAForest() throws {
        let read = try JSONDecoder().decode(BoostingParameters.self, from: Data(#"{"kind":"random_forest"}"#.utf8))
        #expect(read == .randomForest())
        var same = read
        (same.subsample, same.columnSampleByNode) = (1, 1)
        #expect(learningError { try same.validate() }?.code == .invalidParameter)
    }

    @Test func mistakesAreNamed() throws {
        let mistakes: [(inout BoostingParameters) -> Void] = [
            { $0.alpha = -1 }, { $0.gamma = .infinity }, { $0.columnSampleByLevel = 0 }, { $0.columnSampleByNode = 2 },
            { $0.dropRate = 1.1 }, { $0.dropSkip = .nan }, { $0.maximumLeaves = 1 }, { $0.maximumDepth = 0 },
        ]
        for mistake in mistakes {
            var parameters = BoostingParameters()
            mistake(&parameters)
            #expect(learningError { try parameters.validate() }?.code == .invalidParameter)
        }
        var leafWise = BoostingParameters()
        (leafWise.kind, leafWise.maximumDepth) = (.leafWise, 0)
        try leafWise.validate()
    }
}
