package com.penguinmails.sandbox.chaos;

import com.penguinmails.activities.server.VpsProviders.Seller;
import com.penguinmails.ports.vps.VpsProvider;
import com.penguinmails.ports.vps.VpsProvider.Purchase;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds that are broken on purpose, where a server is bought.
final class BrokenSellers {
  private BrokenSellers() {}

  /// Another way to buy.
  @FunctionalInterface
  private interface Buying {
    void buy(VpsProvider seller, Purchase purchase);
  }

  /// Buys again when no answer came.
  @Configuration(proxyBeanMethods = false)
  static class BlindRetry {
    @Bean
    static BeanPostProcessor broken() {
      return around((seller, purchase) -> {
        try {
          seller.buy(purchase);
        } catch (Unavailable noAnswer) {
          seller.buy(purchase);
        }
      });
    }
  }

  /// Books the money back before it is known that nothing was bought.
  @Configuration(proxyBeanMethods = false)
  static class CompensatesBeforeTheCall {
    @Bean
    static BeanPostProcessor broken() {
      return around((seller, purchase) -> {
        try {
          seller.buy(purchase);
        } catch (Unavailable noAnswer) {
          throw new Refused("nothing was bought: " + noAnswer.getMessage());
        }
      });
    }
  }

  /// Gives the server its final name before anybody has written down that it is ours.
  @Configuration(proxyBeanMethods = false)
  static class RenamesBeforeItIsValidated {
    @Bean
    static BeanPostProcessor broken() {
      return around((seller, purchase) -> {
        try {
          seller.buy(purchase);
        } finally {
          seller
              .findByLabel(purchase.label())
              .forEach(server -> seller.rename(server.id(), "mail-" + server.id()));
        }
      });
    }
  }

  private static BeanPostProcessor around(Buying buying) {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof Seller seller
            ? new Seller(
                buyingBy(buying, seller.provider()),
                seller.image(),
                seller.grace(),
                seller.longGrace(),
                seller.builtWithin(),
                seller.addressChange())
            : bean;
      }
    };
  }

  private static VpsProvider buyingBy(Buying buying, VpsProvider seller) {
    return (VpsProvider)
        Proxy.newProxyInstance(
            VpsProvider.class.getClassLoader(),
            new Class<?>[] {VpsProvider.class},
            (_, method, arguments) -> {
              if (method.getName().equals("buy")) {
                buying.buy(seller, (Purchase) arguments[0]);
                return null;
              }
              try {
                return method.invoke(seller, arguments);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }
}
