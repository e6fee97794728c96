import Testing

@testable import Statistics

@Suite struct ExperimentPowerTests {
    @Test func proportionsEqualStatsmodels() throws {
        for golden in try ExperimentGolden.cases("sample_size_two_proportions") {
            let (control, treatment) = (
                try golden.inputs["p_control"].number(), try golden.inputs["p_treatment"].number()
            )
            let (alpha, power) = (try golden.inputs["alpha"].number(), try golden.inputs["power"].number())
            let ratio = try golden.inputs["ratio"].number()
            try expectStatistic(
                ProportionDifference.cohenH(control, treatment).magnitude, golden.expected["cohen_h"], golden.id)
            try expectStatistic(
                ProportionPower.arcsineSampleSize(
                    control: control, treatment: treatment, alpha: alpha, power: power, ratio: ratio),
                golden.expected["n_control_arcsine"], golden.id)
            let size = ProportionPower.sampleSize(control: control, treatment: treatment, alpha: alpha, power: power)
            try expectStatistic(size, golden.expected["n_control_pooled_null_normal_ratio1"], golden.id)
            let reached = ProportionPower.power(
                control: control, treatment: treatment, size: size ?? 0, alpha: alpha)
            // The formula for the size leaves the far tail out.
            #expect(agree(reached, power, within: 1e-5))
            let effect = ProportionPower.minimumEffect(control: control, size: size ?? 0, alpha: alpha, power: power)
            #expect(agree(effect, treatment - control, within: 1e-5))
        }
        #expect(ProportionPower.sampleSize(control: 0.1, treatment: 0.1) == nil)
        #expect(ProportionPower.minimumEffect(control: 0.1, size: 2) == nil)
    }

    /// Sizes and effects to the last digit by a fixture of our own; statsmodels' root finder stops early (generate.py).
    @Test func meansEqualStatsmodels() throws {
        let solved = try ExperimentGolden.load().power
        for golden in try ExperimentGolden.cases("sample_size_and_power_t") {
            let cohen = try golden.inputs["cohen_d"].number()
            let (alpha, power) = (try golden.inputs["alpha"].number(), try golden.inputs["power"].number())
            let size = try golden.inputs["n_per_arm_for_power"].number()
            let exact = try #require(solved.first { $0["id"].text == golden.id })
            let needed = MeanPower.sampleSize(effect: cohen, alpha: alpha, power: power)
            try expectStatistic(needed, exact["size"], golden.id)
            #expect(agree(needed, try golden.expected["n_per_arm"].number(), within: 1e-7))
            let found = MeanPower.power(effect: cohen, size: size, alpha: alpha)
            try expectStatistic(found, golden.expected["power_at_n"], golden.id)
            let effect = MeanPower.minimumEffect(size: size, alpha: alpha, power: power)
            try expectStatistic(effect, exact["effect"], golden.id)
            #expect(agree(effect, try golden.expected["mde_at_n"].number(), within: 1e-5))
        }
        #expect(MeanPower.sampleSize(effect: 0) == nil)
        #expect(MeanPower.minimumEffect(size: 1) == nil)
    }
}
