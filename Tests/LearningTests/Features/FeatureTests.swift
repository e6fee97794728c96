import Statistics
import Testing

@testable import Learning

@Suite struct FeatureTests {
    @Test func productsAreThoseOfScikitLearn() throws {
        let fixture = try PreparationFixture.shared.get()
        let source = try fixture.table(["amount": "amount", "age": "age", "visits": "visits"])
        let steps: [(String, PolynomialFeatures.Terms)] = [
            ("polynomial", .degree(3, columns: .numeric)),
            ("interactions", .interactions(degree: 3, columns: .numeric)),
        ]
        for (key, terms) in steps {
            let (fitted, training) = try Preparation(.multiply(PolynomialFeatures(terms: terms))).fit(source)
            let expected = try fixture.expectedNamed(key)
            #expect(Set(fitted.featureNames.dropFirst(3)) == Set(expected.keys), "\(key)")
            for (name, values) in expected {
                expectClose(Array(try training.numbers(name).prefix(5)), values, name)
            }
        }
    }

    @Test func categoriesCross() throws {
        let source = try Table(columns: [
            TableColumn(name: "c", texts: ["KR", "US", nil, "KR"]),
            TableColumn(name: "d", texts: ["ios", "web", "web", "ios"]),
        ])
        let (_, training) = try Preparation(.multiply(PolynomialFeatures(terms: .products([["c", "d"]])))).fit(source)
        #expect(try training.texts("c & d") == ["KR & ios", "US & web", nil, "KR & ios"])
    }

    @Test func tooManyProductsAreRefusedBeforeTheyAreMade() throws {
        let source = try Table(columns: (0..<2_000).map { TableColumn(name: "c\($0)", numbers: [1, 2]) })
        let step = PolynomialFeatures(terms: .degree(2, columns: .numeric))
        #expect(learningError { _ = try Preparation(.multiply(step)).fit(source) }?.code == .invalidParameter)
    }

    @Test func divisionByZeroIsDefined() throws {
        let source = try Table(columns: [
            TableColumn(name: "a", numbers: [6, 1, 0, .nan, 1e300]),
            TableColumn(name: "b", numbers: [3, 0, 0, 1, 1e-300]),
        ])
        let ratio = RatioFeatures.Ratio("a", by: "b")
        let plain = try Preparation(.divide(RatioFeatures([ratio]))).fit(source).training.numbers("a/b")
        expectClose(plain, [2, nil, nil, nil, nil], "missing")
        let given = try Preparation(.divide(RatioFeatures([ratio], whenZero: -1))).fit(source).training.numbers("a/b")
        expectClose(given, [2, -1, -1, nil, nil], "given")
    }

    @Test func datePartsAreThoseOfPandas() throws {
        let fixture = try PreparationFixture.shared.get()
        let expected = try fixture.expectedNamed("dates")
        let parts = DateParts.Part.allCases.filter { expected[$0.rawValue] != nil }
        #expect(parts.count == expected.count)
        let seconds = try #require(expected["epochSeconds"]).map { $0 ?? .nan }
        let source = try Table(columns: [
            TableColumn(name: "text", texts: fixture.stamps), TableColumn(name: "seconds", numbers: seconds),
            TableColumn(name: "microseconds", numbers: seconds.map { $0 * 1e6 }),
        ])
        for (name, unit) in [
            ("text", DateParts.Unit.automatic), ("seconds", .seconds), ("microseconds", .microseconds),
        ] {
            let (_, training) = try Preparation(
                .splitDates(DateParts(columns: [name], parts: parts, unit: unit, removesColumns: true))
            ).fit(source)
            #expect(training[name] == nil)
            for part in parts {
                expectClose(
                    try training.numbers("\(name)__\(part.rawValue)"), try #require(expected[part.rawValue]),
                    "\(name) \(part)")
            }
        }
    }

    @Test func timesOfManyFormsAreRead() {
        let times: [(String, Double?)] = [
            ("2026-11-22T10:00:00Z", 1_795_341_600e6), ("2026-11-22T10:00:00.123Z", 1_795_341_600.123e6),
            ("2026-11-22 10:00:00+01:00", 1_795_338_000e6), ("2026-11-22T10:00:00.5-00:30", 1_795_343_400.5e6),
            ("2026-11-22", 1_795_305_600e6), ("2026-11-22T10:00:00.1234567Z", 1_795_341_600.123456e6),
            ("2026-02-29", nil), ("2026-11-22T25:00:00Z", nil), ("2026-11-22T10:00:00.Z", nil),
            ("2026-11-22T10:00:00+1", nil), ("yesterday", nil), ("", nil),
        ]
        for (text, expected) in times {
            let found = TimeReading.microseconds(rfc3339: text)
            #expect(found.map { $0.rounded() } == expected.map { $0.rounded() }, "\(text)")
        }
    }

    /// Magnitude tells the unit, and no cell is too large for a calendar.
    @Test func epochsAreReadByMagnitude() throws {
        let source = try Table(columns: [
            TableColumn(name: "t", numbers: [1.8e9, 1.8e12, 1.8e15, 1e30, -1e30, .nan])
        ])
        let (_, training) = try Preparation(.splitDates(DateParts(columns: ["t"], parts: [.year, .daySine]))).fit(
            source)
        expectClose(try training.numbers("t__year"), [2027, 2027, 2027, nil, nil, nil], "year")
    }

    @Test func theDayHasNoEdge() throws {
        let source = try Table(columns: [
            TableColumn(name: "t", texts: ["2026-01-05T00:00:00Z", "2026-01-05T06:00:00Z"])
        ])
        let (_, training) = try Preparation(
            .splitDates(DateParts(columns: ["t"], parts: [.daySine, .dayCosine, .weekSine, .isWeekend]))
        ).fit(source)
        expectClose(try training.numbers("t__daySine"), [0, 1], "sine")
        expectClose(try training.numbers("t__dayCosine"), [1, 0], "cosine")
        // A Monday: the week begins.
        expectClose(try training.numbers("t__weekSine"), [0, 0.222_520_933_956_314_4], "week")
        #expect(try training.texts("t__isWeekend") == ["false", "false"])
    }
}
