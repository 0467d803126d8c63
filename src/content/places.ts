import { around, distance } from 'geokdbush';
import KDBush from 'kdbush';
import { isReachable } from './decide.ts';
import type { City, Site, SiteSearch } from './types.ts';

/** A person counts as being in a city up to this far from its middle; farther, we do not know where they are. */
const CITY_REACH_KM = 150;
/** Places up to this far count as being here: nobody is sent past an unconfirmed centre to a confirmed one far away. */
const HERE_KM = 40;
/** Services that a regional HIV centre has; for others a centre with an unknown address is no help. */
const CENTRE_SERVICES: ReadonlySet<string> = new Set(['test', 'art', 'prep', 'pep', 'counselling']);

/** For what cannot wait, near comes before confirmed. */
const URGENT = 'pep';

type Where = { city: string } | { lat: number; lon: number } | { country: string };

/** A site with its region, which only the search needs. */
export interface SiteInRegion {
  site: Site;
  region: string | undefined;
}
/** A city with its region. */
export interface CityInRegion {
  city: City;
  region: string | undefined;
}

/** Searches by place over the whole content; coordinates are used and not kept. */
export class PlaceIndex {
  readonly #cities: readonly CityInRegion[];
  readonly #byId: ReadonlyMap<string, CityInRegion>;
  readonly #sites: readonly SiteInRegion[];
  /** Sites that can be shown, by country and service: `KZ test`. */
  readonly #offered = new Map<string, Site[]>();
  readonly #index: KDBush | undefined;

  constructor(cities: readonly CityInRegion[], sites: readonly SiteInRegion[]) {
    this.#cities = cities;
    this.#byId = new Map(cities.map((c) => [c.city.id, c]));
    this.#sites = sites;
    for (const { site } of sites.filter((s) => isReachable(s.site))) {
      for (const service of new Set(site.services)) {
        const key = `${site.country} ${service}`;
        const offered = this.#offered.get(key);
        if (offered === undefined) this.#offered.set(key, [site]);
        else offered.push(site);
      }
    }
    if (cities.length === 0) return;
    const index = new KDBush(cities.length);
    for (const { city } of cities) index.add(city.lon, city.lat);
    this.#index = index.finish();
  }

  /** The city nearest to a point in degrees, within 150 km. */
  nearestCity(lat: number, lon: number): City | undefined {
    if (this.#index === undefined || !isPoint(lat, lon)) return undefined;
    const [found] = around(this.#index, lon, lat, 1, CITY_REACH_KM);
    return found === undefined ? undefined : this.#cities[found]?.city;
  }

  /** Places with a service: those here first, confirmed before unconfirmed, then nearest. Never leaves the country. */
  sitesNear(where: Where, service: string, limit: number): SiteSearch {
    const near = this.#locate(where);
    if (near === undefined) return { sites: [], placeholder: false, elsewhere: false };
    const { country, city, region, point } = near;
    const offered = this.#offered.get(`${country} ${service}`) ?? [];
    const ranked = offered
      .map((site) => {
        const km = point === undefined ? 0 : this.#distance(site, point);
        const here = point !== undefined && (km <= HERE_KM || (city !== undefined && site.city === city));
        return { site, km, here };
      })
      .sort(
        (a, b) =>
          Number(b.here) - Number(a.here) ||
          (service === URGENT ? a.km - b.km : 0) ||
          Number(a.site.status !== 'ready') - Number(b.site.status !== 'ready') ||
          a.km - b.km,
      );
    // Asked for a whole country, a centre without an address matters only where there is nothing else.
    const hasHere = point === undefined ? ranked.length > 0 : ranked[0]?.here === true;
    const placeholder =
      !hasHere &&
      CENTRE_SERVICES.has(service) &&
      this.#sites.some(
        (s) => s.site.status === 'placeholder' && s.site.country === country && isIn(s, city, region),
      );
    const elsewhere = point !== undefined && ranked.length > 0 && !hasHere;
    return { sites: ranked.slice(0, Math.max(0, limit)).map((r) => r.site.id), placeholder, elsewhere };
  }

  #locate(
    where: Where,
  ): { country: string; city?: string; region?: string; point?: { lat: number; lon: number } } | undefined {
    if ('country' in where) return { country: where.country };
    const city = 'city' in where ? this.#byId.get(where.city)?.city : this.nearestCity(where.lat, where.lon);
    if (city === undefined) return undefined;
    const region = this.#byId.get(city.id)?.region;
    const point = 'city' in where ? { lat: city.lat, lon: city.lon } : { lat: where.lat, lon: where.lon };
    return { country: city.country, city: city.id, point, ...(region === undefined ? {} : { region }) };
  }

  /** Kilometres; a place without a point stands in the middle of its city, one without a city is far. */
  #distance(site: Site, from: { lat: number; lon: number }): number {
    const at = site.point ?? (site.city === undefined ? undefined : this.#byId.get(site.city)?.city);
    return at === undefined ? Number.POSITIVE_INFINITY : distance(from.lon, from.lat, at.lon, at.lat);
  }
}

function isIn(
  { site, region: own }: SiteInRegion,
  city: string | undefined,
  region: string | undefined,
): boolean {
  if (city === undefined || own === 'national') return true;
  return site.city === city || (own !== undefined && own === region);
}

function isPoint(lat: number, lon: number): boolean {
  return Number.isFinite(lat) && Number.isFinite(lon) && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
}
