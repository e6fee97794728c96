import Statistics

/// What a number usually is at its place in the day, the week and the year: a mean per place, one cycle after another.
struct SeasonalProfile: Codable, Sendable, Equatable {
    struct Cycle: Codable, Sendable, Equatable {
        var lengthMicroseconds: Int64
        var slots: [Double]

        func slot(of time: Int64) -> Int {
            let place = time - time.flooredMultiple(of: lengthMicroseconds)
            return min(slots.count - 1, Int(Double(place) / Double(lengthMicroseconds) * Double(slots.count)))
        }
    }

    private(set) var mean = 0.0
    private(set) var cycles: [Cycle] = []

    static let hour: Int64 = 3_600_000_000
    static let day = 24 * hour
    static let week = 7 * day
    /// 365.2425 days.
    static let year: Int64 = 31_556_952_000_000

    func expected(at time: Int64) -> Double { cycles.reduce(mean) { $0 + $1.slots[$1.slot(of: time)] } }

    /// The cycles that a reference is long enough for: the hour of the week with four weeks, else the hour of the day
    /// with four days, and the twelfth of the year with three years.
    static func cycles(span: Int64, interval: Int64) -> [Cycle] {
        func cycle(_ length: Int64, _ slots: Int64) -> Cycle {
            Cycle(lengthMicroseconds: length, slots: Array(repeating: 0, count: Int(slots)))
        }
        var found: [Cycle] = []
        if interval < day {
            if span >= 4 * week {
                found.append(cycle(week, min(168, week / interval)))
            } else if span >= 4 * day {
                found.append(cycle(day, min(24, day / interval)))
            }
        } else if interval < week, span >= 4 * week {
            found.append(cycle(week, 7 * day / interval))
        }
        if span >= 3 * year, interval <= 31 * day { found.append(cycle(year, 12)) }
        return found
    }

    /// Fits the profile, and tells for each value what is left when the profile is made without the value's own turn of
    /// the cycle: an interval still to come was not among those the profile is made of either.
    static func fit(
        _ values: [Double], times: [Int64], cycles: [Cycle]
    ) -> (profile: SeasonalProfile, heldOut: [Double]) {
        var profile = SeasonalProfile()
        let total = values.reduce(0, +)
        let count = Double(values.count)
        profile.mean = total / max(1, count)
        var inside = values.map { $0 - profile.mean }
        var outside = values.map { count > 1 ? $0 - (total - $0) / (count - 1) : $0 }
        for cycle in cycles {
            var fitted = cycle
            (fitted.slots, outside) = fit(cycle, inside, outside, times)
            inside = zip(inside, times).map { $0 - fitted.slots[fitted.slot(of: $1)] }
            profile.cycles.append(fitted)
        }
        return (profile, outside)
    }

    private static func fit(
        _ cycle: Cycle, _ inside: [Double], _ outside: [Double], _ times: [Int64]
    ) -> (slots: [Double], outside: [Double]) {
        struct Sums {
            var sum = 0.0
            var count = 0.0
        }
        struct Turn: Hashable {
            var slot: Int
            var number: Int64
        }
        var slots = [Sums](repeating: Sums(), count: cycle.slots.count)
        var turns: [Turn: Sums] = [:]
        let places = times.map {
            Turn(slot: cycle.slot(of: $0), number: $0.flooredMultiple(of: cycle.lengthMicroseconds))
        }
        for (place, value) in zip(places, inside) {
            slots[place.slot].sum += value
            slots[place.slot].count += 1
            turns[place, default: Sums()].sum += value
            turns[place, default: Sums()].count += 1
        }
        let left = zip(places, outside).map { place, value in
            let own = turns[place] ?? Sums()
            let count = slots[place.slot].count - own.count
            return count > 0 ? value - (slots[place.slot].sum - own.sum) / count : value
        }
        return (slots.map { $0.count > 0 ? $0.sum / $0.count : 0 }, left)
    }
}
