import Statistics
import Testing
import TidewatchTestKit

/// Whatever comes, each statistic is a finite number or says by its status why not, and no other column notices.
@Suite struct HostileValuesTests {
    private static let columns: [(String, [Double])] = [
        ("empty", []), ("missing", Array(repeating: .nan, count: 50)), ("constant", Array(repeating: 7, count: 50)),
        ("infinite", Array(repeating: .infinity, count: 50)),
        ("huge", (0..<60).map { $0 % 2 == 0 ? 1e308 : -1e308 } + (0..<40).map { Double($0) * 1e306 }),
        ("largest", Array(repeating: .greatestFiniteMagnitude, count: 30) + Array(repeating: 0, count: 30)),
        ("tiny", (0..<60).map { Double($0) * .leastNonzeroMagnitude }),
        ("zeros", (0..<60).map { $0 % 2 == 0 ? 0.0 : -0.0 }),
        ("spread", (0..<200).map { Double($0) - 100 }),
        ("mixed", (0..<200).map { [Double.nan, .infinity, -.infinity, Double($0), 1e300][$0 % 5] }),
    ]

    @Test func everyPairOfColumns() {
        for (referenceName, reference) in Self.columns {
            for (windowName, window) in Self.columns {
                let comparison = compare(.numeric(reference), .numeric(window))
                for statistic in DriftStatistic.allCases {
                    let found = comparison.compute(statistic)
                    let name = "\(statistic) of \(windowName) against \(referenceName)"
                    #expect((found.value != nil) == (found.status == .ok), "\(name)")
                    #expect(found.value?.isFinite != false, "\(name)")
                    #expect(found.pValue.map { (0...1).contains($0) } != false, "\(name)")
                    if reference.isEmpty || window.isEmpty { #expect(found.status == .noData, "\(name)") }
                }
            }
        }
    }

    /// The same for the tests on whole samples.
    @Test func everyPairOfSamples() {
        for (firstName, first) in Self.columns {
            for (secondName, second) in Self.columns {
                for (name, found) in Self.sampleTests(first, second) {
                    let text = "\(name) of \(firstName) and \(secondName): \(found)"
                    #expect(found.statistic.isFinite && (0...1).contains(found.pValue), "\(text)")
                    #expect(found.degreesOfFreedom?.isFinite != false, "\(text)")
                    let isEmpty = [first, second].contains { !$0.contains(where: \.isFinite) }
                    #expect((found.status == .noData) == isEmpty, "\(text)")
                }
                for distance in [SampleDistances.wasserstein(first, second), SampleDistances.energy(first, second)] {
                    #expect(distance?.isFinite != false)
                }
            }
        }
    }

    private static func sampleTests(_ a: [Double], _ b: [Double]) -> [(String, TestResult)] {
        [
            ("ks", TwoSampleTests.kolmogorovSmirnov(a, b)),
            ("ks less", TwoSampleTests.kolmogorovSmirnov(a, b, alternative: .less)),
            ("ks asymptotic", TwoSampleTests.kolmogorovSmirnov(a, b, alternative: .greater, method: .asymptotic)),
            ("cramer_von_mises", TwoSampleTests.cramerVonMises(a, b)),
            ("cramer_von_mises midranks", TwoSampleTests.cramerVonMises(a, b, method: .asymptotic, ties: .midranks)),
            ("anderson_darling", TwoSampleTests.andersonDarling([a, b])),
            ("kruskal_wallis", TwoSampleTests.kruskalWallis([a, b])),
            ("mann_whitney", TwoSampleTests.mannWhitney(a, b)),
            ("mann_whitney greater", TwoSampleTests.mannWhitney(a, b, alternative: .greater)),
            ("welch", TwoSampleTests.tTest(a, b)),
            ("student", TwoSampleTests.tTest(a, b, variances: .equal, alternative: .less)),
        ]
    }

    /// One wild value among ordinary ones: the tests by rank hardly notice, and those by value stay finite.
    /// What overflows has no value; a pinball loss of 0 would be a perfect forecast.
    @Test func overflowIsNoPerfectForecast() {
        let actual = (1...99).map { Double($0) * 1e306 }
        let sample = RegressionSample(predicted: actual.map { -$0 }, actual: actual)
        for metric in PerformanceMetric.allCases {
            let value = sample.metric(metric).value
            #expect(value.map { $0.isFinite && $0 != 0 } ?? true, "\(metric): \(String(describing: value))")
        }
    }

    @Test func anOutlierMovesNoRank() {
        var stream = DriftStream(seed: 23)
        let (a, b) = (stream.normals(300), stream.normals(200))
        for outlier in [1e6, 1e308, -.greatestFiniteMagnitude, .leastNonzeroMagnitude] {
            for (plain, spiked) in zip(Self.sampleTests(a, b), Self.sampleTests(a, b + [outlier])) {
                #expect(spiked.1.statistic.isFinite && (0...1).contains(spiked.1.pValue), "\(plain.0)")
                guard !["welch", "student"].contains(plain.0) else { continue }
                #expect((plain.1.pValue - spiked.1.pValue).magnitude < 0.1, "\(plain.0)")
            }
        }
        let energies = [SampleDistances.energy(a, b), SampleDistances.energy(a, b + [1e6])].map { $0 ?? .nan }
        #expect((energies[1] - energies[0]).magnitude < 8)
    }

    @Test func unseenCategoriesAreCounted() {
        let reference = ReferenceBuilder.ColumnValues.categorical((0..<300).map { "c\($0 % 3)" })
        let fresh = compare(reference, .categorical((0..<200).map { "new\($0)" }))
        let empty = compare(reference, .categorical([]))
        let missing = compare(reference, .categorical(Array(repeating: nil, count: 100)))
        for statistic in DriftStatistic.allCases {
            let isDefined = statistic.isDefined(for: .categorical)
            let found = fresh.compute(statistic)
            #expect(found.status == (isDefined ? .ok : .error), "\(statistic)")
            #expect(empty.compute(statistic).status == (isDefined ? .noData : .error), "\(statistic)")
            #expect(missing.compute(statistic).value?.isFinite != false, "\(statistic)")
        }
        for statistic in [DriftStatistic.psi, .chiSquare, .gTest] {
            #expect(fresh.compute(statistic).pValue.map { $0 < 1e-10 } == true, "\(statistic)")
            #expect(missing.compute(statistic).pValue.map { $0 < 1e-10 } == true, "\(statistic)")
        }
    }

    @Test func aConstantIsItself() {
        let same = compare(.numeric(Array(repeating: 7, count: 50)), .numeric(Array(repeating: 7, count: 60)))
        for statistic in DriftStatistic.allCases {
            let found = same.compute(statistic)
            #expect(found.status == .ok, "\(statistic)")
            #expect((found.value ?? 1).magnitude < 1e-12, "\(statistic)")
            #expect(found.pValue == nil || found.pValue == 1, "\(statistic)")
        }
        let other = compare(.numeric(Array(repeating: 7, count: 50)), .numeric(Array(repeating: 8, count: 60)))
        #expect(other.kolmogorovSmirnov().value == 1)
        #expect(other.wasserstein().value.map { ($0 - 1).magnitude < 1e-6 } == true)
        #expect(other.wassersteinNormalized().status == .error)
    }

    @Test func anOutlierMovesNoBin() throws {
        var stream = DriftStream(seed: 21)
        let (reference, window) = (stream.normals(2_000), stream.normals(2_000))
        let plain = compare(.numeric(reference), .numeric(window))
        let spiked = compare(.numeric(reference), .numeric(window + [1e308]))
        for statistic in [DriftStatistic.psi, .ks, .jensenShannon, .chiSquare] {
            let values = [plain, spiked].map { $0.compute(statistic).value ?? .nan }
            #expect((values[0] - values[1]).magnitude < 0.02 * max(1, values[0]), "\(statistic)")
        }
        #expect(spiked.window.saturated == 1)
        // Clamped at 1,024 standard deviations, of one value in 2,001.
        let moved = try #require(spiked.wasserstein().value)
        #expect(moved < 0.6)
        // Neither does one in the reference: its edges are quantiles.
        let inReference = compare(.numeric(reference + [1e308]), .numeric(window))
        #expect(inReference.reference.cellCount == plain.reference.cellCount)
        #expect(agree(inReference.psi().value, try #require(plain.psi().value), within: 0.2))
    }

    @Test func otherColumnsDoNotNotice() {
        var stream = DriftStream(seed: 22)
        let calm = stream.normals(500)
        let profile = ReferenceBuilder.build(
            columns: [("calm", .numeric(calm)), ("wild", .numeric(stream.normals(500)))])
        let summaries = [[0.0, 1], [.nan, .infinity], [1e308, -1e308]].map { wild in
            let accumulator = PaneAccumulator(encoder: ReferenceEncoder(profile))
            for (index, value) in calm.enumerated() {
                accumulator.add(numeric: value, column: 0)
                accumulator.add(numeric: wild[index % 2], column: 1)
                accumulator.addViolation(column: 1)
            }
            return accumulator.summary().columns[0]
        }
        #expect(summaries[0] == summaries[1])
        #expect(summaries[0] == summaries[2])
    }

    @Test func valuesOfTheWrongKindAreViolations() {
        let profile = ReferenceBuilder.build(columns: [
            ("n", .numeric([1, 2, 3])), ("c", .categorical(["a", nil])), ("b", .boolean([true, false, nil])),
        ])
        let accumulator = PaneAccumulator(encoder: ReferenceEncoder(profile))
        for column in 0..<3 {
            accumulator.add(numeric: 1, column: column)
            accumulator.add(boolean: true, column: column)
            [UInt8]("a".utf8).withUnsafeBytes { accumulator.add(category: $0, column: column) }
        }
        let summary = accumulator.summary()
        #expect(summary.columns.map(\.violations) == [2, 2, 2])
        #expect(summary.columns.map(\.present) == [1, 1, 1])
        #expect(summary.columns.map(\.total) == [3, 3, 3])
    }
}
