import Foundation
import Statistics
import TidewatchTestKit

extension ExperimentSuite {
    /// One look, the one that was planned.
    static func fixedHorizon(_ table: inout RejectionTable) {
        let count = 10_000
        func judge(
            _ method: String, _ experiment: String, seed: UInt64, runs: Int = count,
            _ effect: @Sendable (inout DriftStream) -> ExperimentEffect
        ) {
            let pValues = Simulation.run(runs, seed: seed) { random, _ in effect(&random).pValue ?? 1 }
            table.promise(
                method, experiment, looks: "1", rejected: pValues.count { $0 <= alpha }, of: runs, limit: alpha)
        }
        let hits = { @Sendable (random: inout DriftStream, rate: Double, count: Int) -> ArmSummary in
            ArmSummary((0..<count).map { _ in random.uniform() < rate ? 1 : 0 }, isProportion: true)
        }
        judge("z (pooled)", "proportion 0.1, 1,000 each", seed: 400) {
            ProportionDifference.pooled(control: hits(&$0, 0.1, 1_000), treatment: hits(&$0, 0.1, 1_000))
        }
        judge("Fisher", "proportion 0.03, 100 each", seed: 401) {
            ProportionDifference.fisher(control: hits(&$0, 0.03, 100), treatment: hits(&$0, 0.03, 100))
        }
        judge("Welch", "normal, sd 1 and 3, 100 and 50", seed: 402) {
            MeanDifference.welch(
                control: ArmSummary($0.normals(100)), treatment: ArmSummary($0.normals(50, deviation: 3)))
        }
        judge("Welch", "log-normal σ 1, 100 each", seed: 403) {
            MeanDifference.welch(control: ArmSummary($0.logNormals(100)), treatment: ArmSummary($0.logNormals(100)))
        }
        judge("Mann–Whitney", "log-normal σ 1, 100 and 50", seed: 404, runs: 4_000) {
            RankDifference.mannWhitney(control: $0.logNormals(100), treatment: $0.logNormals(50))
        }
        judge("bootstrap-t", "log-normal σ 1, 50 each", seed: 405, runs: 2_000) {
            var generator = SeededGenerator(seed: UInt64($0.uniform() * 0x1p60))
            return BootstrapDifference.mean(
                control: $0.logNormals(50), treatment: $0.logNormals(50), resamples: 499, using: &generator)
        }
        judge("Welch after CUPED (ρ 0.8)", "normal, 200 each", seed: 406, runs: 4_000) { random in
            let before = random.normals(400)
            let values = before.map { 0.8 * $0 + 0.6 * random.normal() }
            let arms = (0..<400).map { $0 % 2 }
            let adjusted = CovariateAdjustment(values: values, covariates: [before], arms: arms).values
            let sides = (0...1).map { arm in ArmSummary(zip(adjusted, arms).filter { $0.1 == arm }.map(\.0)) }
            return MeanDifference.welch(control: sides[0], treatment: sides[1])
        }
    }

    /// The sample-ratio check stops at p < 0.001, under fixed shares and under Thompson sampling.
    static func allocation(_ table: inout RejectionTable) {
        let fixed = Simulation.run(10_000, seed: 500) { random, _ in
            var observed: [Int64] = [0, 0, 0]
            for _ in 0..<2_000 {
                let draw = random.uniform()
                observed[draw < 0.5 ? 0 : draw < 0.8 ? 1 : 2] += 1
            }
            return SampleRatio.check(observed: observed, shares: [0.5, 0.3, 0.2]).isOk
        }
        table.promise(
            "sample ratio, p < 0.001", "shares 0.5, 0.3, 0.2", looks: "1", rejected: fixed.count { !$0 }, of: 10_000,
            limit: SampleRatio.limit)
        let adaptive = Simulation.run(1_000, seed: 501) { random, _ in
            var policy = ThompsonPolicy(arms: 3, minimumShare: 0.02)
            var generator = SeededGenerator(seed: UInt64(random.uniform() * 0x1p60))
            for unit in 0..<2_000 {
                if unit % 200 == 199 { policy.updateShares() }
                let arm = policy.assign(using: &generator)
                policy.record(arm: arm, success: random.uniform() < [0.1, 0.1, 0.15][arm])
            }
            let naive = SampleRatio.check(observed: policy.ledger.observed, shares: [1, 1, 1])
            return (ledger: policy.ledger.check().pValue, naive: naive.isOk)
        }
        table.promise(
            "sample ratio, p ≤ 0.05", "Thompson, its own shares", looks: "1",
            rejected: adaptive.count { $0.ledger <= alpha }, of: 1_000, limit: alpha)
        table.warning(
            "sample ratio, p < 0.001", "Thompson, judged by even shares", looks: "1",
            rejected: adaptive.count { !$0.naive }, of: 1_000)
    }

    /// What peeking does to methods that were not made for it.
    static func warnings(_ table: inout RejectionTable) {
        let stream = ExperimentStream(name: "proportion 0.1", isProportion: true, tau: 0.02) { random, _ in
            random.uniform() < 0.1 ? 1 : 0
        }
        func peeked(
            _ runs: Int, seed: UInt64, _ rejects: @escaping @Sendable (ArmSummary, ArmSummary) -> Bool
        ) -> Int {
            Simulation.run(runs, seed: seed) { random, _ in
                stream.run(&random, count: 10_000) { control, treatment in
                    (control.count + treatment.count) % 500 == 0 && rejects(control, treatment)
                }
            }.count { $0 }
        }
        let z = peeked(4_000, seed: 600) { control, treatment in
            (ProportionDifference.pooled(control: control, treatment: treatment).pValue ?? 1) <= alpha
        }
        table.warning(
            "z, peeked at", stream.name, looks: "20 of 500", rejected: z, of: 4_000, range: 0.22...0.28)
        let bayes = peeked(500, seed: 601) { control, treatment in
            let laws = [control, treatment].map { arm in
                BetaPosterior(successes: Int64((arm.mean * Double(arm.count)).rounded()), of: arm.count)
            }
            return (BayesianComparison(laws).probabilityBest.max() ?? 0) >= 0.95
        }
        table.warning("P(best) ≥ 0.95, peeked at", stream.name, looks: "20 of 500", rejected: bayes, of: 500)
        burnIns(&table)
    }

    /// What the burn-in is for.
    private static func burnIns(_ table: inout RejectionTable) {
        let rare = ExperimentStream(name: "proportion 0.01, traffic 10 : 90", isProportion: true, share: 0.1, tau: 0.01)
        {
            random, _ in random.uniform() < 0.01 ? 1 : 0
        }
        let counted = [BurnIn(expectedSuccesses: 0), BurnIn()].map { burnIn in
            let sequence = ConfidenceSequence(alpha: alpha, burnIn: burnIn)
            return Simulation.run(runs, seed: 603) { random, _ in
                rare.run(&random, count: 2 * observations) { control, treatment in
                    let effect = sequence.effect(control: control, treatment: treatment)
                    return effect.status == .ok && ((effect.low ?? 0) > 0 || (effect.high ?? 0) < 0)
                }
            }.count { $0 }
        }
        let looks = "each to \(2 * observations)"
        table.warning(
            "confidence sequence, 100 per arm", rare.name, looks: looks, rejected: counted[0], of: runs)
        table.promise(
            "confidence sequence, burn-in", rare.name, looks: looks, rejected: counted[1], of: runs, limit: alpha)
        let fair = ExperimentStream.undisturbed[0]
        for burnIn in [2, 10, 100] as [Int64] {
            let sequence = ConfidenceSequence(
                alpha: alpha, tunedFor: 20, burnIn: BurnIn(perArm: burnIn, expectedSuccesses: 0))
            let rejected = Simulation.run(runs, seed: 602) { random, _ in
                fair.run(&random, count: 2_000) { control, treatment in
                    let effect = sequence.effect(control: control, treatment: treatment)
                    return effect.status == .ok && ((effect.low ?? 0) > 0 || (effect.high ?? 0) < 0)
                }
            }
            table.warning(
                "confidence sequence, N* = 20", fair.name, looks: "each from \(burnIn) per arm to 2000",
                rejected: rejected.count { $0 }, of: runs)
        }
    }
}
