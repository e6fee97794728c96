import Foundation
import Statistics
import Testing
import TidewatchTestKit

@testable import Learning

@Suite struct ParzenEstimatorTests {
    private static let domains: [String: SearchParameter.Domain] = [
        "real": .real(low: 0.5, high: 1), "logarithmic": .real(low: 0.01, high: 0.3, log: true),
        "integer": .integer(low: 3, high: 10), "logarithmic integer": .integer(low: 50, high: 400, log: true),
        "choice": .choice(["a", "b", "c"]),
    ]

    private func value(_ number: Double, _ domain: SearchParameter.Domain) -> ParameterValue {
        if case .choice(let options) = domain { return .text(options[Int(number)]) }
        return .number(number)
    }

    @Test func densitiesAreThoseOfOptuna() throws {
        let expected = try SearchFixture.load().densities
        #expect(expected.count == 25)
        for one in expected {
            let domain = try #require(Self.domains[one.kind])
            let estimator = ParzenEstimator(domain, values: one.values.map { value($0, domain) })
            for (point, density) in zip(one.points, one.logDensity) {
                let found = estimator.logDensity(of: value(point, domain))
                #expect(abs(found - density) < 1e-9, "\(one.kind), \(one.values.count) values, at \(point)")
            }
        }
    }

    /// Draws of whole numbers come as often as the density says.
    @Test func samplesFollowTheDensity() {
        let domain = SearchParameter.Domain.integer(low: 3, high: 10)
        let estimator = ParzenEstimator(domain, values: [3, 4, 4, 9].map { ParameterValue.number($0) })
        var generator = SeededGenerator(seed: 11)
        var counts = [Double: Double]()
        for _ in 0..<20_000 { counts[estimator.sample(using: &generator).number ?? .nan, default: 0] += 1 }
        var sum = 0.0
        for number in 3...10 {
            let probability = exp(estimator.logDensity(of: .number(Double(number))))
            sum += probability
            #expect(abs((counts[Double(number)] ?? 0) / 20_000 - probability) < 0.015)
        }
        #expect(abs(sum - 1) < 1e-9)
    }
}
