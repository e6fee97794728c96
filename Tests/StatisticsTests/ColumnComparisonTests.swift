import Foundation
import Statistics
import Testing
import TidewatchTestKit

@Suite struct ColumnComparisonTests {
    private func texts(_ counts: [Int64]) -> ReferenceBuilder.ColumnValues {
        .categorical(counts.enumerated().flatMap { Array(repeating: "c\($0.offset)", count: Int($0.element)) })
    }

    /// PSI and KL of the fixture are left out: they floor shares at a float epsilon, ours are smoothed with half a count.
    @Test(arguments: try Golden.cases("discrete_divergences"))
    func distancesOfCategoriesAreSciPys(_ golden: Golden.Case) throws {
        let comparison = compare(
            texts(try golden.inputs["reference"].counts()), texts(try golden.inputs["current"].counts()))
        let expected: [(StatisticValue, String)] = [
            (comparison.jensenShannon(), "js_distance_base_2"), (comparison.hellinger(), "hellinger"),
            (comparison.totalVariation(), "total_variation"), (comparison.lInfinity(), "l_infinity"),
        ]
        for (found, name) in expected {
            #expect(agree(found.value, try golden.expected[name].number(), within: 1e-9), "\(name)")
        }
        let distance = try #require(comparison.jensenShannon().value)
        let divergence = try golden.expected["js_divergence_base_2"].number()
        #expect(agree(distance * distance, divergence, within: 1e-9))
        let natural = try golden.expected["js_distance_base_e"].number()
        #expect(agree(distance * log(2).squareRoot(), natural, within: 1e-9))
    }

    /// Not their PSI, which floors shares at 10⁻⁴ or bins by equal width.
    @Test(arguments: try Golden.cases("psi_numeric").filter { try $0.inputs["bins"].number() == 10 })
    func decilesAreNumpys(_ golden: Golden.Case) throws {
        let reference = try golden.inputs["reference"].numbers()
        let comparison = compare(.numeric(reference), .numeric(try golden.inputs["current"].numbers()))
        guard case .grid(let edges, let deciles) = comparison.reference.binning else {
            Issue.record("no grid")
            return
        }
        let inner = try golden.expected["quantile_edges_numpy_linear"].numbers().dropFirst().dropLast()
        let found = edges.indices.filter { deciles[$0 + 1] != deciles[$0] }.map { edges[$0] }
        #expect(found.count == inner.count)
        for (edge, expected) in zip(found, inner) { #expect(agree(edge, expected, within: 1e-12)) }
        func sums(_ counts: [Int64]) -> [Int64] {
            zip(counts, deciles).reduce(into: Array(repeating: 0, count: 10)) { $0[Int($1.1)] += $1.0 }
        }
        #expect(sums(comparison.reference.counts) == (try golden.expected["counts_reference"].counts()))
        #expect(sums(comparison.window.counts) == (try golden.expected["counts_current"].counts()))
    }

    @Test func workedNumbers() throws {
        let comparison = compare(texts([50, 50]), texts([60, 40]))
        // Smoothed with B = 2: shares 50.5/101 and 60.5/101, 40.5/101.
        let (p, q) = ([60.5 / 101, 40.5 / 101], 0.5)
        let psi = p.reduce(0) { $0 + ($1 - q) * log($1 / q) }
        #expect(agree(comparison.psi().value, psi, within: 1e-12))
        #expect(agree(comparison.psi().value, 0.0398, within: 0.005))
        #expect(agree(comparison.psi().pValue, 0.158, within: 0.01))
        #expect(agree(comparison.psiExcess().value, psi - 0.02, within: 1e-9))
        #expect(agree(comparison.kl().value, p.reduce(0) { $0 + $1 * log($1 / q) }, within: 1e-9))
        #expect(agree(comparison.chiSquare().value, 2.0202020, within: 1e-6))
        let apart = compare(texts([10, 0]), .categorical(Array(repeating: "else", count: 10)))
        #expect(apart.jensenShannon().value == 1)
        #expect(apart.totalVariation().value == 1)
    }

    @Test func missingIsACellOfItsOwnInEveryDistance() throws {
        var stream = DriftStream(seed: 11)
        let values = stream.normals(1_000)
        let holes = values.enumerated().map { $0.offset % 4 == 0 ? Double.nan : $0.element }
        let comparison = compare(.numeric(values), .numeric(holes))
        #expect(agree(comparison.missingRate().value, 0.25, within: 1e-12))
        #expect(try #require(comparison.missingRate().pValue) < 1e-10)
        #expect(agree(comparison.lInfinity().value, 0.25, within: 1e-12))
        #expect(agree(comparison.totalVariation().value, 0.25, within: 1e-9))
        #expect(try #require(comparison.psi().value) > 1)
        #expect(try #require(comparison.psi().pValue) < 1e-10)
        // The distribution of the values that are there is the same.
        #expect(try #require(comparison.kolmogorovSmirnov().pValue) > 0.5)
    }

    @Test func gridKSIsWithinItsBound() throws {
        var stream = DriftStream(seed: 12)
        for (m, n, shift) in [(3_000, 1_000, 0.0), (700, 700, 0.3), (60, 2_000, 1.0)] {
            let (a, b) = (stream.normals(m), stream.normals(n).map { $0 + shift })
            let grid = compare(.numeric(a), .numeric(b)).kolmogorovSmirnov()
            let exact = TwoSampleTests.kolmogorovSmirnov(a, b)
            let found = try #require(grid.value)
            #expect(found <= exact.statistic + 1e-12)
            #expect(found + (try #require(grid.errorBound)) >= exact.statistic)
            #expect(exact.statistic - found < 0.02)
        }
    }

    /// Atoms have cells of their own: zeros that become something else are seen in full.
    @Test func atomsLoseNothing() throws {
        var stream = DriftStream(seed: 13)
        let reference = stream.normals(2_000).map { max(0, $0) }
        let window = stream.normals(2_000).map { $0 > 0 ? $0 : -1 }
        let found = compare(.numeric(reference), .numeric(window)).kolmogorovSmirnov()
        #expect(agree(found.value, TwoSampleTests.kolmogorovSmirnov(reference, window).statistic, within: 0.01))
    }

    @Test(arguments: try Golden.cases("wasserstein_1_and_energy"))
    func wassersteinIsSciPys(_ golden: Golden.Case) throws {
        let (a, b) = (try golden.inputs["a"].numbers(), try golden.inputs["b"].numbers())
        let expected = try golden.expected["wasserstein"].number()
        #expect(agree(SampleDistances.wasserstein(a, b), expected, within: 1e-9))
        let comparison = compare(.numeric(a), .numeric(b))
        let found = comparison.wasserstein()
        // On a grid within a cell, of which small samples have few; case 04 has values far beyond the reference's range.
        let isHeavy = golden.id == "wasserstein_1_and_energy-04"
        #expect(agree(found.value, expected, within: isHeavy ? 0.25 : 0.1), "\(found)")
        guard case .discrete = comparison.reference.binning, golden.id == "wasserstein_1_and_energy-03" else { return }
        // Discrete: exact but for the values that the reference lacks, whose place comes from the fixed-point sum.
        #expect(agree(found.value, expected, within: 1e-6))
        let normalized = try golden.expected["wasserstein_over_std_a_ddof0"].number()
        #expect(agree(comparison.wassersteinNormalized().value, normalized, within: 1e-6))
    }

    /// On the grid against the single values.
    @Test func distributionTestsAreNearTheExactOnes() throws {
        var stream = DriftStream(seed: 16)
        for (m, n, shift) in [(5_000, 2_000, 0.0), (5_000, 2_000, 0.15), (3_000, 10_000, 0.3), (800, 500, 3.0)] {
            let (a, b) = (stream.normals(m), stream.normals(n).map { $0 + shift })
            let comparison = compare(.numeric(a), .numeric(b))
            let mises = comparison.cramerVonMises()
            let exact = TwoSampleTests.cramerVonMises(a, b)
            #expect(agree(mises.value, exact.statistic, within: 0.02), "\(mises), not \(exact)")
            #expect(((mises.value ?? .nan) - exact.statistic).magnitude <= (try #require(mises.errorBound)))
            #expect(agree(mises.pValue, exact.pValue, within: 0.1) || exact.pValue < 1e-6, "\(mises), not \(exact)")
            let darling = comparison.andersonDarling()
            let whole = TwoSampleTests.andersonDarling([a, b])
            // The weight of the outer cells has no bound: two samples far apart differ by more on the grid.
            let tolerance = shift > 1 ? 0.2 : 0.05
            #expect(
                agree(darling.value, whole.statistic, within: tolerance, absolute: true), "\(darling), not \(whole)")
            #expect(agree(comparison.energy().value, try #require(SampleDistances.energy(a, b)), within: 0.05))
        }
    }

    /// A column with a cell per value loses nothing on the grid.
    @Test func discreteColumnsAreExact() throws {
        var stream = DriftStream(seed: 17)
        let a = stream.normals(900).map { ($0 * 2).rounded() }.filter { $0.magnitude < 5 }
        let b = stream.normals(700).map { ($0 * 2.2).rounded() }.filter { $0.magnitude < 5 }
        let comparison = compare(.numeric(a), .numeric(b))
        let pairs = [
            (comparison.cramerVonMises(), TwoSampleTests.cramerVonMises(a, b)),
            (comparison.andersonDarling(), TwoSampleTests.andersonDarling([a, b])),
        ]
        for (found, exact) in pairs {
            #expect(agree(found.value, exact.statistic, within: 1e-9))
            #expect(agree(found.pValue, exact.pValue, within: 1e-9))
        }
        #expect(comparison.cramerVonMises().errorBound == 0)
        #expect(agree(comparison.energy().value, try #require(SampleDistances.energy(a, b)), within: 1e-9))
    }

    @Test func energyOfOutliersAndOfWindowsFarAway() throws {
        var stream = DriftStream(seed: 18)
        let values = stream.normals(2_000)
        let moved = values.map { $0 + 100 }
        let far = compare(.numeric(values), .numeric(moved)).energy()
        #expect(agree(far.value, try #require(SampleDistances.energy(values, moved)), within: 0.05))
        // One value 500 deviations off adds 500/2,001² to the integral.
        let spiked = values + [500]
        let one = compare(.numeric(values), .numeric(spiked)).energy()
        #expect(agree(one.value, try #require(SampleDistances.energy(values, spiked)), within: 0.05))
    }

    @Test func aWindowFarAwayHasItsFullDistance() throws {
        var stream = DriftStream(seed: 14)
        let values = stream.normals(2_000)
        let found = compare(.numeric(values), .numeric(values.map { $0 + 100 })).wasserstein()
        #expect(agree(found.value, 100, within: 1e-5))
    }

    @Test func orderedStatisticsOfCategoriesAreErrors() {
        let comparison = compare(texts([5, 5]), texts([5, 5]))
        for statistic in DriftStatistic.allCases where !statistic.isDefined(for: .categorical) {
            #expect(comparison.compute(statistic).status == .error)
        }
    }

    @Test func smallWindowsAreInsufficient() {
        var stream = DriftStream(seed: 15)
        let comparison = compare(.numeric(stream.normals(1_000)), .numeric(stream.normals(6)))
        #expect(comparison.psi().status == .insufficient)
        #expect(comparison.chiSquare().status == .insufficient)
        #expect(comparison.kolmogorovSmirnov().status == .ok)
    }
}
