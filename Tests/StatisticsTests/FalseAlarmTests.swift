import Statistics
import Testing
import TidewatchTestKit

/// Without drift a p-value at most 0.05 comes in at most 5 % of comparisons, and not in far fewer either.
@Suite struct FalseAlarmTests {
    private static let runs = 500
    /// Binomial(500, 0.05) lies in 11…42 with probability 0.999.
    private static let band = 11...42

    private func rejections(
        seed: UInt64, _ statistics: [DriftStatistic],
        _ draw: (inout DriftStream) -> ReferenceBuilder.ColumnValues
    ) -> [DriftStatistic: Int] {
        var stream = DriftStream(seed: seed)
        var counts: [DriftStatistic: Int] = [:]
        for _ in 0..<Self.runs {
            let comparison = compare(draw(&stream), draw(&stream))
            for statistic in statistics {
                guard let pValue = comparison.compute(statistic).pValue else { continue }
                counts[statistic, default: 0] += pValue <= 0.05 ? 1 : 0
            }
        }
        return counts
    }

    @Test func numericColumns() {
        let found = rejections(seed: 101, [.psi, .chiSquare, .gTest, .ks, .cramerVonMises, .andersonDarling]) {
            .numeric($0.normals(1_000))
        }
        for statistic in [DriftStatistic.gTest, .cramerVonMises, .andersonDarling] {
            #expect(Self.band.contains(found[statistic] ?? 0), "\(statistic) \(found[statistic] ?? 0)")
        }
        #expect(Self.band.contains(found[.psi] ?? 0), "psi \(found[.psi] ?? 0)")
        #expect(Self.band.contains(found[.chiSquare] ?? 0), "chi_square \(found[.chiSquare] ?? 0)")
        // On the grid D is never too large: conservative, so only the upper end binds.
        #expect((1...Self.band.upperBound).contains(found[.ks] ?? 0), "ks \(found[.ks] ?? 0)")
    }

    /// Small windows on a large reference: the deciles have to be pooled, and by their order, not by size.
    @Test func smallNumericWindows() {
        var stream = DriftStream(seed: 150)
        var rejected: [DriftStatistic: Int] = [:]
        for _ in 0..<Self.runs {
            let comparison = compare(.numeric(stream.normals(1_000)), .numeric(stream.normals(30)))
            for statistic in [DriftStatistic.psi, .chiSquare, .ks] {
                guard let pValue = comparison.compute(statistic).pValue else { continue }
                rejected[statistic, default: 0] += pValue <= 0.05 ? 1 : 0
            }
        }
        for (statistic, count) in rejected { #expect(Self.band.contains(count), "\(statistic) \(count)") }
        #expect(rejected.count == 3)
    }

    @Test(arguments: [3, 12, 50])
    func categories(_ count: Int) {
        // The last ones of 50 are rare or never seen.
        let weights: [Double] = (0..<count).map { index in
            let rank = Double(index)
            return 1 / (1 + rank * rank / 12)
        }
        let found = rejections(seed: 202, [.psi, .chiSquare]) { stream in
            .categorical(stream.categories(1_000, weights: weights).map { $0 })
        }
        #expect(Self.band.contains(found[.psi] ?? 0), "psi \(found[.psi] ?? 0)")
        #expect(Self.band.contains(found[.chiSquare] ?? 0), "chi_square \(found[.chiSquare] ?? 0)")
    }

    /// Most values occur once: the dictionary of one sample is not that of the other.
    @Test func columnsOfMostlyRareCategories() {
        let found = rejections(seed: 303, [.psi, .chiSquare]) { stream in
            .categorical((0..<1_000).map { _ in "v\(Int(1 / stream.uniform()))" })
        }
        #expect((found[.psi] ?? 0) <= Self.band.upperBound, "psi \(found[.psi] ?? 0)")
        #expect((found[.chiSquare] ?? 0) <= Self.band.upperBound, "chi_square \(found[.chiSquare] ?? 0)")
    }

    /// Ties must not look like drift, whichever sample is the larger.
    @Test(arguments: [2.0, 0.5])
    func tiedColumns(_ step: Double) {
        var stream = DriftStream(seed: 606)
        var rejected: [DriftStatistic: Int] = [:]
        for _ in 0..<Self.runs {
            let (a, b) = (stream.normals(1_000), stream.normals(100))
            let comparison = compare(
                .numeric(a.map { ($0 / step).rounded() }), .numeric(b.map { ($0 / step).rounded() }))
            for statistic in [DriftStatistic.cramerVonMises, .andersonDarling] {
                guard let pValue = comparison.compute(statistic).pValue else { continue }
                rejected[statistic, default: 0] += pValue <= 0.05 ? 1 : 0
            }
        }
        for (statistic, count) in rejected { #expect(Self.band.contains(count), "\(statistic) \(count)") }
        #expect(rejected.count == 2)
    }

    @Test func theExactTest() {
        var stream = DriftStream(seed: 404)
        let rejected = (0..<Self.runs).count { _ in
            TwoSampleTests.kolmogorovSmirnov(stream.normals(100), stream.normals(80)).pValue <= 0.05
        }
        #expect(Self.band.contains(rejected), "\(rejected)")
    }

    /// Around zero without drift: the excess is PSI less what chance alone gives.
    @Test func theExcessIsUnbiased() {
        var stream = DriftStream(seed: 505)
        let values = (0..<200).compactMap { _ in
            compare(.numeric(stream.normals(2_000)), .numeric(stream.normals(500))).psiExcess().value
        }
        let mean = values.reduce(0, +) / Double(values.count)
        #expect(values.count == 200)
        #expect(mean.magnitude < 0.002, "\(mean)")
    }
}

/// A window counted on the reference of other values of the same column.
func compare(
    _ reference: ReferenceBuilder.ColumnValues, _ window: ReferenceBuilder.ColumnValues
) -> ColumnComparison {
    let profile = ReferenceBuilder.build(columns: [("x", reference)])
    let accumulator = PaneAccumulator(encoder: ReferenceEncoder(profile))
    accumulator.add(window)
    return ColumnComparison(reference: profile.columns[0], window: accumulator.summary().columns[0])
}

extension PaneAccumulator {
    /// Counts the values of one column.
    func add(_ values: ReferenceBuilder.ColumnValues, column: Int = 0) {
        switch values {
        case .numeric(let values): for value in values { add(numeric: value, column: column) }
        case .categorical(let values):
            for value in values {
                guard let value else {
                    addMissing(column: column)
                    continue
                }
                Array(value.utf8).withUnsafeBytes { add(category: $0, column: column) }
            }
        case .boolean(let values):
            for value in values {
                if let value { add(boolean: value, column: column) } else { addMissing(column: column) }
            }
        }
        events += column == 0 ? Int64(values.count) : 0
    }
}
