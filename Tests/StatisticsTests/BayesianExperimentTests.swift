import Testing
import TidewatchTestKit

@testable import Statistics

@Suite struct BayesianExperimentTests {
    @Test func integralsEqualSciPy() throws {
        for (index, known) in try ExperimentGolden.load().bayes.enumerated() {
            let comparison = BayesianComparison(
                try known["arms"].list().map { arm in
                    let counts = try arm.counts()
                    return BetaPosterior(successes: counts[0], of: counts[1])
                })
            for (found, expected) in zip(comparison.probabilityBest, try known["best"].numbers()) {
                #expect(agree(found, expected, within: 1e-9), "\(index): \(found), not \(expected)")
            }
            for (found, expected) in zip(comparison.expectedLoss, try known["loss"].numbers()) {
                #expect((found - expected).magnitude < 1e-11, "\(index): \(found), not \(expected)")
            }
            let (low, high) = (
                try known["difference"].list()[0].number(), try known["difference"].list()[1].number()
            )
            let difference = comparison.difference(of: 1)
            #expect((difference.low - low).magnitude < 1e-8, "\(index): \(difference.low), not \(low)")
            #expect((difference.high - high).magnitude < 1e-8, "\(index): \(difference.high), not \(high)")
        }
    }

    @Test func extremePosteriorsStayFinite() {
        let laws = [
            BetaPosterior(prior: (0.01, 0.01)), BetaPosterior(successes: 10_000_000, of: 10_000_000),
            BetaPosterior(successes: 0, of: 10_000_000), BetaPosterior(successes: 3, of: 7),
        ]
        let comparison = BayesianComparison(laws)
        #expect(comparison.probabilityBest.allSatisfy { $0 >= 0 && $0 <= 1 })
        #expect(agree(comparison.probabilityBest.reduce(0, +), 1, within: 1e-12))
        #expect(comparison.expectedLoss.allSatisfy { $0 >= 0 && $0 <= 1 })
        #expect(comparison.probabilityBest[2] < 0.01)
    }

    /// The best arm gets the traffic, the ledger finds nothing wrong with it, and the ordinary check would.
    @Test func thompsonSendsTrafficToTheBestArm() {
        var policy = ThompsonPolicy(arms: 3, minimumShare: 0.02)
        var generator = SeededGenerator(seed: 21)
        var stream = DriftStream(seed: 22)
        let rates = [0.10, 0.12, 0.20]
        for unit in 0..<4_000 {
            if unit % 200 == 0 { policy.updateShares() }
            let arm = policy.assign(using: &generator)
            policy.record(arm: arm, success: stream.uniform() < rates[arm])
        }
        #expect(policy.shares[2] > 0.9)
        #expect(policy.shares.allSatisfy { $0 >= 0.02 })
        #expect(policy.ledger.check().isOk)
        #expect(!SampleRatio.check(observed: policy.ledger.observed, shares: [1, 1, 1]).isOk)
    }

    @Test func withConstantSharesTheLedgerIsPearsons() {
        var ledger = AllocationLedger(arms: 3)
        let shares = [0.5, 0.3, 0.2]
        for unit in 0..<1_000 { ledger.record(arm: unit % 7 < 4 ? 0 : unit % 3, shares: shares) }
        let plain = SampleRatio.check(observed: ledger.observed, shares: shares)
        #expect(agree(ledger.check().statistic, plain.statistic, within: 1e-9))
        #expect(agree(ledger.check().pValue, plain.pValue, within: 1e-9))
        #expect(!plain.isOk)
        #expect(AllocationLedger(arms: 2).check().status == .noData)
    }

    /// A policy whose assignments are lost on the way: the ledger sees it.
    @Test func theLedgerFindsLostAssignments() {
        var ledger = AllocationLedger(arms: 2)
        var stream = DriftStream(seed: 23)
        for unit in 0..<5_000 {
            let share = 0.5 + 0.4 * Double(unit) / 5_000
            let arm = stream.uniform() < share ? 0 : 1
            // One in five of the second arm never arrives.
            if arm == 0 || stream.uniform() > 0.2 { ledger.record(arm: arm, shares: [share, 1 - share]) }
        }
        #expect(!ledger.check().isOk)
    }
}
