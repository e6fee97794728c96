import Testing
import TidewatchTestKit

@testable import Statistics

@Suite struct SequentialExperimentTests {
    @Test func confidenceSequencesEqualGbstats() throws {
        for golden in try ExperimentGolden.cases("always_valid_asymptotic_confidence_sequence") {
            let sequence = ConfidenceSequence(
                alpha: try golden.inputs["alpha"].number(),
                tunedFor: try golden.inputs["sequential_tuning_parameter"].number())
            let isRelative = golden.inputs["difference_type"].text == "relative"
            let effect = sequence.effect(
                control: try golden.inputs["control"].arm(), treatment: try golden.inputs["treatment"].arm(),
                scale: isRelative ? .relative : .absolute)
            try expectStatistic(sequence.rho, golden.expected["rho"], golden.id)
            try expectStatistic(effect.difference, golden.expected["estimate"], golden.id)
            try expectStatistic(effect.standardError, golden.expected["stderr"], golden.id)
            try expectStatistic(effect.low, try golden.expected["ci"].list()[0], golden.id)
            try expectStatistic(effect.high, try golden.expected["ci"].list()[1], golden.id)
            try expectPValue(effect.pValue, golden.expected["p_value"], golden.id)
        }
    }

    @Test func theMixtureTestEqualsItsClosedForm() throws {
        for golden in try ExperimentGolden.cases("msprt_normal_mixture") {
            let test = MixtureTest(
                tau: try golden.inputs["tau2"].number().squareRoot(), alpha: try golden.inputs["alpha"].number())
            let variance = try golden.inputs["variance_sum"].number() / golden.inputs["n_per_arm"].number()
            let effect = test.effect(difference: try golden.inputs["difference"].number(), variance: variance)
            try expectStatistic(effect.statistic, golden.expected["lambda_n"], golden.id)
            try expectPValue(effect.pValue, golden.expected["always_valid_p"], golden.id)
            try expectStatistic(effect.low, try golden.expected["ci"].list()[0], golden.id)
            try expectStatistic(effect.high, try golden.expected["ci"].list()[1], golden.id)
        }
    }

    /// Between two looks and far out, interval and p-value say the same.
    @Test func intervalAndPValueAgree() {
        for successes in stride(from: 380, through: 620, by: 10) {
            let arms = (ArmSummary(successes: 500, of: 5_000), ArmSummary(successes: Int64(successes), of: 5_000))
            let effects = [
                ConfidenceSequence().effect(control: arms.0, treatment: arms.1),
                MixtureTest(tau: 0.01).effect(control: arms.0, treatment: arms.1),
                GroupSequentialTest(looks: [5_000, 10_000], spending: .pocock)
                    .effect(control: arms.0, treatment: arms.1),
            ]
            for effect in effects {
                let isOutside = (effect.low ?? 0) > 0 || (effect.high ?? 0) < 0
                #expect(isOutside == ((effect.pValue ?? 1) < 0.05), "\(effect.method) \(successes)")
            }
        }
    }

    @Test func boundsEqualAFinerIntegration() throws {
        for (index, known) in try ExperimentGolden.load().groupSequential.enumerated() {
            let spending = try #require(AlphaSpending(name: known["spending"].text ?? ""))
            let (alpha, sides) = (try known["alpha"].number(), Int(try known["sides"].number()))
            let found = GroupSequentialBounds(
                fractions: try known["fractions"].numbers(), alpha: alpha, sides: sides, spending: spending)
            for (bound, expected) in zip(found.bounds, try known["bounds"].list()) {
                try expectStatistic(bound, expected, "\(index)")
            }
            // By a third way: the multivariate normal law (quasi-Monte Carlo, hence the tolerance).
            if case .number(let crossed) = known["crossed"] { #expect(agree(crossed, alpha, within: 1e-4)) }
        }
    }

    /// The golden bounds are from a coarse grid, and spend a little more than α; see generate.py.
    @Test func boundsAreNearSpotifysToItsGrid() throws {
        let spent = try ExperimentGolden.load().goldenSpent
        for golden in try ExperimentGolden.cases("group_sequential_bounds_alpha_spending") {
            let found = GroupSequentialBounds(
                fractions: try golden.inputs["information_fractions"].numbers(),
                alpha: try golden.inputs["alpha"].number(), sides: Int(try golden.inputs["sides"].number()),
                spending: .power(2))
            let expected = try golden.expected["z_bounds"].list()
            try expectStatistic(found.bounds[0], expected[0], golden.id)
            if case .number(let spent) = spent[golden.id] {
                #expect(spent > (try golden.inputs["alpha"].number()) * (1 + 1e-5))
            }
            for (bound, other) in zip(found.bounds, expected) {
                #expect(agree(bound, try other.number(), within: 1e-4))
            }
        }
    }

    /// Lan and DeMets 1983, table 1, and Reboussin et al. 2000, two-sided 0.05 at five even looks.
    @Test func boundsArePublishedOnes() {
        let fractions = [0.2, 0.4, 0.6, 0.8, 1.0]
        let early = GroupSequentialBounds(fractions: fractions, spending: .obrienFleming).bounds
        let even = GroupSequentialBounds(fractions: fractions, spending: .pocock).bounds
        for (bound, expected) in zip(early, [4.877, 3.357, 2.680, 2.290, 2.031]) {
            #expect((bound - expected).magnitude < 6e-4)
        }
        for (bound, expected) in zip(even, [2.438, 2.427, 2.410, 2.397, 2.386]) {
            #expect((bound - expected).magnitude < 6e-4)
        }
    }

    @Test func theScheduleIsKept() {
        let test = GroupSequentialTest(looks: [1_000, 2_000])
        #expect(test.look(reachedBy: 999) == nil)
        #expect(test.look(reachedBy: 1_999) == 0)
        #expect(test.look(reachedBy: 9_999) == 1)
        let early = test.effect(
            control: ArmSummary(successes: 1, of: 400), treatment: ArmSummary(successes: 90, of: 400))
        #expect(early.status == .insufficient)
        #expect(early.pValue == nil)
        #expect(AlphaSpending(name: "power:0") == nil)
        #expect(AlphaSpending(name: AlphaSpending.power(3).name) == .power(3))
        #expect(AlphaSpending(name: "hwang") == nil)
    }

    @Test func theBurnInIsSaid() {
        let few = ConfidenceSequence().effect(
            control: ArmSummary(successes: 10, of: 50), treatment: ArmSummary(successes: 40, of: 50))
        #expect(few.status == .insufficient)
        #expect(few.pValue != nil)
        let rare = MixtureTest(tau: 0.1).effect(
            control: ArmSummary(successes: 1, of: 500), treatment: ArmSummary(successes: 18, of: 500))
        #expect(rare.status == .insufficient)
    }

    /// A small A/A experiment, looked at after every observation past the burn-in; the large one is the benchmark suite
    /// "experiments". A fixed-horizon test on the same looks shows what would happen.
    @Test func peekingRejectsSeldom() {
        var stream = DriftStream(seed: 77)
        let (runs, count) = (100, 1_500)
        let sequence = ConfidenceSequence(tunedFor: 1_000)
        let mixture = MixtureTest(tau: 0.05)
        let grouped = GroupSequentialTest(looks: [500, 1_000, 1_500], spending: .pocock)
        let bounds = grouped.bounds()
        var rejected = (sequence: 0, mixture: 0, grouped: 0, peeked: 0)
        for _ in 0..<runs {
            var arms = (ArmSummary(isProportion: true), ArmSummary(isProportion: true))
            var found = (sequence: false, mixture: false, grouped: false, peeked: false)
            for unit in 1...count {
                let value: Double = stream.uniform() < 0.3 ? 1 : 0
                if stream.uniform() < 0.5 { arms.0.add(value) } else { arms.1.add(value) }
                let now = sequence.effect(control: arms.0, treatment: arms.1)
                if now.status == .ok, (now.pValue ?? 1) < 0.05 { found.sequence = true }
                let mixed = mixture.effect(control: arms.0, treatment: arms.1)
                if mixed.status == .ok, (mixed.pValue ?? 1) < 0.05 { found.mixture = true }
                guard unit % 75 == 0 else { continue }
                let z = ProportionDifference.wald(control: arms.0, treatment: arms.1).statistic ?? 0
                if z.magnitude > 1.96 { found.peeked = true }
                if unit % 500 == 0, z.magnitude > bounds[unit / 500 - 1] { found.grouped = true }
            }
            rejected.sequence += found.sequence ? 1 : 0
            rejected.mixture += found.mixture ? 1 : 0
            rejected.grouped += found.grouped ? 1 : 0
            rejected.peeked += found.peeked ? 1 : 0
        }
        // 5 of 100 are promised; 13 or more have a chance of 1 in 1,000.
        #expect(rejected.sequence <= 12)
        #expect(rejected.mixture <= 12)
        #expect(rejected.grouped <= 12)
        #expect(rejected.peeked >= 13, "a fixed-horizon test that is peeked at deserves about 25")
    }
}
