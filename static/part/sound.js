// Whether new answers are heard: where the owner wants it, until the visitor says no, on this device.

export const soundOf = (own) => {
  const name = `${own.kept}:mute`;
  return {
    // Whether there is anything to switch.
    offered: () => Boolean(own.app()?.config && JSON.parse(own.app().config() || '{}').data?.natter?.sound),
    on: () => !memory((storage) => storage.getItem(name)),
    set: (on) => memory((storage) => (on ? storage.removeItem(name) : storage.setItem(name, '1'))),
  };
};
