import Statistics
import Testing

@Suite struct KolmogorovTests {
    @Test func finiteSampleLawIsThatOfSciPy() throws {
        let cases = try Golden.load().kstwo
        try #require(cases.count > 40)
        for entry in cases {
            let found = Kolmogorov.twoSided(tailAbove: entry[1], samples: Int(entry[0]))
            #expect(agree(found, entry[2], within: 1e-6), "n \(entry[0]), d \(entry[1]): \(found), not \(entry[2])")
        }
    }

    @Test func oneSidedLawIsThatOfSciPy() throws {
        for entry in try Golden.load().ksone {
            let found = Kolmogorov.oneSided(tailAbove: entry[1], samples: Int(entry[0]))
            #expect(agree(found, entry[2], within: 1e-6), "n \(entry[0]), d \(entry[1]): \(found), not \(entry[2])")
        }
    }

    @Test func limitLawIsThatOfSciPy() throws {
        for entry in try Golden.load().kolmogorov {
            let found = Kolmogorov.limit(tailAbove: entry[0])
            #expect(agree(found, entry[1], within: 1e-9), "x \(entry[0]): \(found), not \(entry[1])")
        }
    }

    @Test func theEndsOfTheRange() {
        #expect(Kolmogorov.twoSided(tailAbove: 0, samples: 10) == 1)
        #expect(Kolmogorov.twoSided(tailAbove: 1, samples: 10) == 0)
        #expect(Kolmogorov.twoSided(tailAbove: 0.5, samples: 0) == 1)
        #expect(Kolmogorov.limit(tailAbove: 0) == 1)
    }

    /// The methods take over from each other without a step: the tail falls with d.
    @Test(arguments: [2, 9, 77, 140, 141, 999, 5_000])
    func theTailFalls(_ n: Int) {
        var last = 1.0
        for step in 0...400 {
            let tail = Kolmogorov.twoSided(tailAbove: Double(step) / 400, samples: n)
            #expect(tail <= last + 1e-9 && tail >= 0, "n \(n), d \(Double(step) / 400)")
            last = tail
        }
    }
}
