import Learning
import Testing

/// On the data sets of `TIDEWATCH_DATA`.
@Suite(.enabled(if: dataFolder != nil)) struct RealProfileTests {
    /// `vicprice` is constant up to row 17,423 (from 0) and varies from then on.
    @Test func electricityStandsStill() throws {
        let profile = try TableProfiler(target: "class", time: "date").run(realTable("elec2_electricity_nsw"))
        let temporal = try #require(profile.temporal)
        #expect(temporal.backwards == 5 && !temporal.isCalendar)
        let price = try #require(temporal.standstills.first { $0.column == "vicprice" })
        #expect(price.rows.lowerBound == 0 && (17_376...17_424).contains(price.rows.upperBound))
        #expect(temporal.standstills.map(\.column).allSatisfy { ["vicprice", "vicdemand", "transfer"].contains($0) })
        let drift = try #require(temporal.drift.first { $0.column == "vicprice" })
        #expect(drift.psi[..<4].allSatisfy { ($0 ?? 1) < 0.01 } && drift.psi[5...].allSatisfy { ($0 ?? 0) > 1 })
        #expect(profile.suspects.isEmpty)
    }

    @Test func census() throws {
        let profile = try TableProfiler(target: "class").run(realTable("adult_census"))
        #expect(profile.suspects.isEmpty && profile.target?.task == .binary)
        #expect(profile.columnsByInformation.first?.name == "relationship")
        #expect(profile["workclass"]?.missing == 2_799 && profile.duplicates.rows == 52)
        let strongest = try #require(profile.associations.strongest(1).first)
        let names = [strongest.first, strongest.second].map { profile.associations.columns[$0] }
        #expect(Set(names) == ["education", "education-num"])
    }

    /// Marks from 3 to 9, of which 9 is rare.
    @Test func wine() throws {
        let profile = try TableProfiler(target: "quality").run(realTable("wine_quality"))
        #expect(profile.target?.task == .multiclass && profile.suspects.isEmpty)
        #expect(profile.columnsByInformation.first?.name == "type")
        #expect(profile.target?.balance == .extreme && profile.target?.classes.last?.name == "9")
    }

    /// `casual` and `registered` add up to the target.
    @Test func bikesLeak() throws {
        let profile = try TableProfiler(target: "cnt").run(realTable("bike_sharing_hour"))
        let suspects = Set(profile.suspects.map(\.column))
        #expect(suspects == ["registered", "instant"])
    }
}
